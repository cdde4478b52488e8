"""Which keys do what on which page, as ``legal/keyboard.html`` tells it."""

from django.utils.translation import gettext_lazy as _

KEYS = {
    _("On every page"): [
        (_("Tab, Shift + Tab"), _("to the next or the previous link, button or field")),
        (_("first Tab, then Enter"), _("skips the menu and leads to the content")),
        (_("Enter, space bar"), _("opens the link, presses the button")),
        (_("Esc"), _("closes the open menu, and the newest message")),
    ],
    _("Search in a workshop"): [
        (_("/"), _("opens the search")),
        (_("arrow up, arrow down"), _("through what was found")),
        (_("Enter"), _("opens what is chosen")),
        (_("Esc"), _("closes the search")),
    ],
    _("Typing goals and measures"): [
        (_("Enter"), _("stores the line; the next one can be typed at once")),
        (_("Tab"), _("leads to time and description, where Enter stores as well")),
        (_("any letter"), _("after a button goes on in the line used last")),
        (_("Esc"), _("leaves the editing of a line; keeps a pasted list as one line")),
    ],
    _("Rating"): [
        (_("1 to 9, 0 for 10"), _("chooses the step of the scale")),
        (_("K"), _("“cannot judge”")),
        (_("arrow keys"), _("one step up or down")),
        (_("Enter"), _("to the next measure")),
    ],
    _("Typing in sheets of paper"): [
        (_("two digits, then Enter"), _("relevance and feasibility, then the next measure")),
        (_("arrow up, arrow down"), _("to the measure above or below")),
        (_("Backspace in an empty field"), _("back to the measure before")),
        (_("Ctrl + Enter"), _("saves the sheet; the next one begins")),
    ],
    _("Priority matrix"): [
        (_("arrow keys"), _("to the nearest measure in that direction")),
        (_("Home, End"), _("to the best and to the last measure")),
        (_("Page Down, Page Up"), _("one place down or up in the ranking")),
        (_("Enter"), _("opens the measure")),
        (_("Esc"), _("closes its card")),
        (_("+, −, 0"), _("larger, smaller, the whole picture")),
    ],
    _("Priority matrix, full screen"): [
        (_("arrow keys"), _("one place up or down in the ranking; what is told stands below")),
        (_("Page Down, Page Up"), _("the same, for remote controls")),
        (_("Home, End"), _("to the best and to the last measure")),
        (_("Esc"), _("leaves the full screen")),
    ],
    _("Cockpit"): [
        (_("W"), _("on: the button at the lower right")),
        (_("L"), _("next screen of the projector")),
        (_("+"), _("two minutes more")),
        (_("N"), _("to the notes")),
        (_("?"), _("shows these keys, and turns them off on this device")),
    ],
    _("Agenda of a session"): [
        (_("arrow left, arrow right"), _("to the previous or the next item")),
        (_("Page Up, Page Down"), _("the same where nothing scrolls, for remote controls")),
    ],
    _("Tabs within a page"): [
        (_("arrow keys, Home, End"), _("to the neighbouring, the first or the last tab")),
    ],
}  # fmt: skip
READER = [
    _("Every page has one heading of level 1; headings, lists and regions lead through its parts."),
    _("The matrix is one stop; each measure in it is named with its rank and values. The ranking"
      " says the same as a table."),
    _("Colours never stand alone: a number, a shape or a word stands beside them."),
    _("What changes without a new page is read out once, and does not interrupt."),
    _("What is wrong in a form stands at its field and is read together with it."),
    _("Nothing has to be dragged; there is a button or a field for everything."),
    _("Text can be enlarged to 400 percent without sideways scrolling. Light, dark and high"
      " contrast follow your device."),
]  # fmt: skip
