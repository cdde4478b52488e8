"""allauth's forms without placeholders: they repeat the labels and vanish while one types."""

from allauth.account import forms
from django.forms import Form


class PlainFields(Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(PlainFields, forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:  # with an error its list takes the focus
            self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["password"].help_text = ""  # the way to a new one stands below, not in between


class SignupForm(PlainFields, forms.SignupForm):
    pass


class AddEmailForm(PlainFields, forms.AddEmailForm):
    pass


class ChangePasswordForm(PlainFields, forms.ChangePasswordForm):
    pass


class SetPasswordForm(PlainFields, forms.SetPasswordForm):
    pass


class ResetPasswordForm(PlainFields, forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainFields, forms.ResetPasswordKeyForm):
    pass
