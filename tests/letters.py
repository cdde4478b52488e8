"""The letters of each official language of the European Union, and the signs that we write.

Letters go by CLDR's exemplar sets, with the older Irish and Croatian ones, the German capital ẞ and
the Dutch Ĳ; Catalan is there for the many who speak it.
"""

EU_LETTERS = {
    "bg": "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ь ю я ѝ",
    "cs": "a á b c č d ď e é ě f g h i í j k l m n ň o ó p q r ř s š t ť u ú ů v w x y ý z ž",
    "da": "a b c d e f g h i j k l m n o p q r s t u v w x y z æ ø å ǻ ǽ",
    "de": "a ä b c d e f g h i j k l m n o ö p q r s ß ẞ t u ü v w x y z",
    "el": "α ά β γ δ ε έ ζ η ή θ ι ί ϊ ΐ κ λ μ ν ξ ο ό π ρ σ ς τ υ ύ ϋ ΰ φ χ ψ ω ώ",
    "en": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "es": "a á b c d e é f g h i í j k l m n ñ o ó p q r s t u ú ü v w x y z ª º ¿ ¡",
    "et": "a b c d e f g h i j k l m n o p q r s š z ž t u v w õ ä ö ü x y",
    "fi": "a b c d e f g h i j k l m n o p q r s š t u v w x y z ž å ä ö",
    "fr": "a à â æ b c ç d e é è ê ë f g h i î ï j k l m n o ô œ p q r s t u ù û ü v w x y ÿ z",
    "ga": "a á b c d e é f g h i í l m n o ó p r s t u ú ḃ ċ ḋ ḟ ġ ṁ ṗ ṡ ṫ",
    "hr": "a b c č ć d đ e f g h i j k l m n o p r s š t u v z ž ǆ ǉ ǌ",
    "hu": "a á b c d e é f g h i í j k l m n o ó ö ő p q r s t u ú ü ű v w x y z",
    "it": "a à b c d e é è f g h i ì j k l m n o ó ò p q r s t u ù v w x y z",
    "lt": "a ą b c č d e ę ė f g h i į y j k l m n o p r s š t u ų ū v z ž",
    "lv": "a ā b c č d e ē f g ģ h i ī j k ķ l ļ m n ņ o p r s š t u ū v z ž ŗ ō",
    "mt": "a à b ċ d e è f ġ g h ħ i ì j k l m n o ò p q r s t u ù v w x ż z",
    "nl": "a á ä b c d e é ë f g h i í ï ĳ j k l m n o ó ö p q r s t u ú ü v w x y z",
    "pl": "a ą b c ć d e ę f g h i j k l ł m n ń o ó p q r s ś t u v w x y z ź ż",
    "pt": "a á à â ã b c ç d e é ê f g h i í j k l m n o ó ò ô õ p q r s t u ú v w x y z ª º",
    "ro": "a ă â b c d e f g h i î j k l m n o p q r s ș t ț u v w x y z ş ţ",
    "sk": "a á ä b c č d ď e é f g h i í j k l ĺ ľ m n ň o ó ô p q r ŕ s š t ť u ú v w x y ý z ž",
    "sl": "a b c č d e f g h i j k l m n o p r s š t u v z ž ć đ",
    "sv": "a à b c d e é f g h i j k l m n o p q r s t u v w x y z å ä ö",
    "ca": "a à b c ç d e é è f g h i í ï j k l ŀ m n o ó ò p q r s t u ú ü v w x y z ·",
}
SIGNS = "0123456789 .,:;!?-–—…·•'’‘‚\"“”„«»‹›()[]{}/\\|@&§%‰#*+−×÷=<>≤≥≠≈~^°²³½¼¾€£←↑→↓↕™©®†‡№∞√∑"
