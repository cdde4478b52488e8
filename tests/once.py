"""Which tests run on one database by day, and why that drops no promise.

What asks for no database runs once. What stores, locks, commits, sorts, searches, adds up, migrates
or takes files in and gives them out runs on SQLite and on PostgreSQL in every run, and so does
``tests/test_access.py``, which opens every address in every phase. The files named here are about
what Python makes of the same rows afterwards: words, pictures, rules. By day they run on SQLite, at
night on both (``python3 dev.py test --nightly``).
"""

BY_DAY = {
    "tests/measures/test_decision_secrecy.py": "searches every page and file for a word",
    "tests/measures/test_demo.py": "the example, which is refused in production",
    "tests/measures/test_matrix_file.py": "how the picture is drawn",
    "tests/measures/test_not_shown.py": "what pages say",
    "tests/measures/test_picture.py": "what the picture says",
    "tests/measures/test_public_meta.py": "what stands in the head of a page",
    "tests/measures/test_public_privacy.py": "searches everything that goes out for names",
    "tests/measures/test_rate_pages.py": "what pages say",
    "tests/measures/test_rating_sheet.py": "what is printed",
    "tests/measures/test_role_sequences.py": "sequences of what test_roles.py does on both",
    "tests/measures/test_same_number.py": "how a number is rounded and written",
    "tests/measures/test_stability_page.py": "what a page says",
    "tests/test_english.py": "the language of pages",
    "tests/test_formal_address.py": "the language of pages",
    "tests/test_kept_input.py": "what a session brings back into a form",
    "tests/test_language.py": "the language of pages",
    "tests/test_number_fields.py": "how forms read a number",
    "tests/workshops/test_roles_admin.py": "what test_roles.py refuses on both, in the admin",
}
