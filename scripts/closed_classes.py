"""Closed classes of words in twelve languages, for scripts/make_languages.py.

A function word carries no fact of its own: articles, pronouns, auxiliaries, and the prepositions and conjunctions
that do not tell direction, time, measure or condition. "From", "over", "before", "or" and "more" are content.
An underscore joins the words of a phrase.
"""

from __future__ import annotations

FUNCTION_WORDS = {
    "en": """a an the this that these those it its he him his she her they them their we our i me my you your
        who whom which whose what is are was were be been being am has have had having do does did
        and as at by for in of on to with also there here itself himself herself themselves s so such then
        but though although while whereas yet both into onto upon about regarding concerning whether
        myself yourself ourselves
        also however moreover furthermore meanwhile otherwise therefore thus hence indeed too currently""",
    "de": """der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem er sie es
        ihm ihn ihr ihre ihrer ihren ihrem sein seine seiner seinen seinem wir uns unser ich mein du dein
        ist sind war waren bin bist wird werden wurde wurden worden hat haben hatte hatten
        aber jedoch obwohl damit dabei dazu
        und als an am auf bei im in für mit von vom zu zum zur auch so da dort dass daß welche welcher welches""",
    "fr": """le la les l un une des du de d ce cet cette ces il elle ils elles lui leur leurs son sa ses on
        nous notre nos vous votre vos je me mon ma mes te se s qui que qu dont est sont était étaient être été
        a ont avait avaient avoir et à au aux en dans par pour avec sur y comme aussi c mais donc ainsi""",
    "es": """el la los las un una unos unas de del este esta estos estas ese esa esos esas lo le les su sus se él ella
        ellos ellas nosotros nuestro nuestra yo mi me que quien es son era eran ser sido fue fueron está están
        ha han había haber y e a al en con por para como también pero aunque sobre""",
    "it": """il lo la i gli le l un uno una di del dello della dei degli delle d questo questa questi queste
        lui lei loro suo sua suoi sue si ci noi nostro io mi mio che chi cui è sono era erano essere stato
        stata ha hanno aveva avevano avere e ed a al allo alla ai agli alle in nel nello nella nei negli nelle con
        per da dal dallo dalla dai dagli dalle su sul sulla come anche ma mentre""",
    "pt": """o a os as um uma uns umas de do da dos das este esta estes estas esse essa isso ele ela eles elas lhe
        seu sua seus suas se nós nosso eu me meu que quem é são era eram ser foi foram está estão há tem têm
        e ao aos à às em no na nos nas com por pelo pela para como também mas embora sobre""",
    "nl": """de het een dit dat deze die hij zij ze hem haar hun zijn wij we ons onze ik mij mijn je u uw
        is was waren ben bent worden wordt werd werden heeft hebben had hadden
        en als aan bij in van voor met op te ook er daar hier maar hoewel""",
    "ru": """он она оно они его ее её их ему ей им него нее них мы нас наш я меня мне мой вы вас ваш это этот эта эти
        тот та те который которая которые был была было были быть есть и а в во на с со к для о об у же также
        как что но хотя тоже""",
    "ar": "في من على إلى عن هذا هذه ذلك تلك هو هي هم التي الذي الذين كان كانت و أن إن ما مع",
    "hi": "का की के को में से पर ने है हैं था थे थी यह वह ये वे इस उस इन उन और भी जो कि एक हो",
    "zh": "的 了 和 在 是",
    "ja": "の は が を に で と も",
}
"""Every one is a stop word of stopwordsiso in that language."""

NEGATIONS = {
    "en": "no not never none nobody nothing neither nor cannot without unless except nowhere hardly",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals nichts niemand ohne weder noch außer kaum",
    "fr": "ne n pas jamais aucun aucune rien personne sans ni sauf",
    "es": "no nunca jamás ningún ninguno ninguna nada nadie sin ni tampoco salvo",
    "it": "non mai nessun nessuno nessuna niente nulla senza né neppure nemmeno tranne",
    "pt": "não nunca jamais nenhum nenhuma nada ninguém sem nem exceto",
    "nl": "niet geen nooit niets niemand zonder noch behalve",
    "ru": "не нет ни никогда никто ничто ничего никакой без кроме",
    "ar": "لا لم لن ليس ليست غير دون بدون ولا إلا",
    "hi": "नहीं न मत ना बिना कभी_नहीं",
    "zh": "不 没 無 无 未 非 否 勿 沒",
    "ja": "無 不 非 未",
}

MODALS = {
    "en": """would will may might can could should must shall ought reportedly allegedly purportedly possibly probably
        perhaps maybe proposed if
        few little many all every each only just merely barely half several""",
    "de": """würde würden kann können könnte könnten soll sollen sollte sollten muss müssen müsste darf dürfen dürfte
        mag möge will wollen wollte angeblich vielleicht möglicherweise wahrscheinlich falls""",
    "fr": """peut peuvent pourrait pourraient pourra doit doivent devrait devraient devra veut voudrait serait seraient
        aurait auraient sera aura peut_être probablement si""",
    "es": """puede pueden podría podrían podrá debe deben debería deberían quiere sería serían habría habrían será
        serán quizás tal_vez probablemente supuestamente si""",
    "it": """può possono potrebbe potrebbero potrà deve devono dovrebbe dovrebbero vuole sarebbe sarebbero avrebbe
        avrebbero sarà saranno forse probabilmente presumibilmente se""",
    "pt": """pode podem poderia poderiam poderá deve devem deveria deveriam quer seria seriam teria teriam será serão
        talvez provavelmente supostamente""",
    "nl": """zou zouden kan kunnen kon konden moet moeten moest mag mogen zal zullen wil willen misschien mogelijk
        waarschijnlijk naar_verluidt indien""",
    "ru": "бы может могут мог могла могли должен должна должны нужно надо возможно вероятно якобы если будет будут",
    "ar": "قد سوف يجب يمكن ربما لو إذا",
    "hi": "सकता सकते सकती चाहिए शायद अगर यदि होगा होगी होंगे",
    "zh": "可 能 会 會 应 應 若",
    "ja": "可 能 若",
}
"""Modal verbs, and adverbs that say how far something is true."""

MEASURES = {
    "en": "over under above below fewer less least most more almost nearly up_to at_least at_most",
    "de": "über unter mehr weniger fast mindestens höchstens knapp bis_zu",
    "fr": "plus moins presque au_moins au_plus jusqu_à",
    "es": "más menos casi al_menos como_máximo hasta",
    "it": "più meno quasi almeno al_massimo fino_a",
    "pt": "mais menos quase pelo_menos no_máximo até",
    "nl": "meer minder bijna minstens hoogstens",
    "ru": "более менее больше меньше почти минимум максимум свыше",
}
"""Words that bound the figure after them."""

RELATIONS = {
    "en": """from against before after since until till or despite beyond behind outside out off through toward towards
        between among amid versus instead""",
    "de": "gegen vor nach seit bis oder trotz aus hinter außerhalb zwischen ab statt",
    "fr": "contre avant après depuis jusque jusqu ou malgré hors entre vers dès",
    "es": "contra antes después desde o pese tras fuera entre hacia",
    "it": "contro prima dopo o malgrado fuori tra fra verso",
    "pt": "contra antes depois desde ou apesar fora entre após",
    "nl": "tegen na sinds tot ondanks uit buiten tussen",
    "ru": "против до после от из или через между вместо за под перед",
    "ar": "ضد قبل بعد منذ حتى أو",
    "hi": "विरुद्ध खिलाफ पहले बाद या तक",
}
"""Words that tell direction, time or side: `against` where another text has `for` is another fact."""

MAGNITUDES = [
    ("hundred", 2),
    ("thousand tausend mille mila mil duizend тысяч тысячи тысяча", 3),
    ("million millions mln millionen mio milion millón millones milione milioni milhão milhões miljoen "
     "миллион миллиона миллионов", 6),
    ("billion billions bln milliarden milliarde mrd milliard milliards miliardo miliardi miljard "
     "миллиард миллиарда миллиардов", 9),
    ("trillion trillions", 12),
]  # fmt: skip
"""Words, and the power of ten each stands for."""

TITLES = [
    ("sen", "senator"),
    ("sens", "senator"),
    ("senators", "senator"),
    ("rep", "representative"),
    ("reps", "representative"),
    ("representatives", "representative"),
    ("gov", "governor"),
    ("dr", "doctor"),
    ("mr", "mr"),
    ("mrs", "mrs"),
    ("ms", "ms"),
    ("prof", "professor"),
    ("gen", "general"),
    ("col", "colonel"),
    ("lt", "lieutenant"),
    ("sgt", "sergeant"),
    ("capt", "captain"),
    ("rev", "reverend"),
    ("hon", "honorable"),
    ("herr", "herr"),
    ("frau", "frau"),
    ("monsieur", "m"),
    ("mme", "madame"),
    ("sr", "señor"),
    ("sra", "señora"),
    ("dott", "dottor"),
    ("sig", "signor"),
]
"""Titles and forms of address with their abbreviations."""

_SHORTENED = "don doesn didn isn aren wasn weren hasn haven hadn won wouldn couldn shouldn can mustn needn ain"
EQUIVALENTS = {
    "negations": [
        *((f"{verb} t", "not") for verb in _SHORTENED.split()),
    ],
    "words": [
        ("^us", "united states"), ("united states of america", "united states"), ("^usa", "united states"),
        ("^uk", "united kingdom"), ("^un", "united nations"), ("^eu", "european union"), ("^eec", "european community"),
        ("pct", "percent"), ("per cent", "percent"), ("prozent", "percent"), ("procent", "percent"),
        ("pour cent", "percent"), ("por ciento", "percent"), ("per cento", "percent"), ("por cento", "percent"),
        ("corp", "corporation"), ("inc", "incorporated"), ("ltd", "limited"), ("co", "company"), ("cos", "companies"),
        ("dlr", "dollar"), ("dlrs", "dollars"), ("cts", "cents"), ("ct", "cent"), ("stg", "sterling"),
        ("shr", "share"), ("shrs", "shares"), ("qtr", "quarter"), ("qtly", "quarterly"), ("vs", "versus"),
        ("dept", "department"), ("govt", "government"), ("natl", "national"), ("intl", "international"),
        ("univ", "university"), ("assn", "association"), ("bros", "brothers"), ("mfg", "manufacturing"),
        ("avg", "average"), ("approx", "approximately"), ("ave", "avenue"), ("blvd", "boulevard"), ("rd", "road"),
        ("bbl", "barrel"), ("bbls", "barrels"), ("bpd", "barrels per day"), ("kg", "kilogram"), ("km", "kilometer"),
        ("kilograms", "kilogram"), ("kilometers", "kilometer"), ("kilometres", "kilometer"), ("lb", "pound"),
        ("ft", "feet"), ("hr", "hour"), ("hrs", "hours"), ("yr", "year"), ("yrs", "years"), ("mo", "month"),
        ("bzw", "beziehungsweise"), ("d h", "das heißt"), ("z b", "zum beispiel"), ("str", "straße"),
        ("tonnes", "tons"), ("tonne", "ton"), ("centre", "center"), ("programme", "program"),
        ("programmes", "programs"), ("theatre", "theater"), ("defence", "defense"), ("offence", "offense"),
        ("legislation", "bill"), ("measure", "bill"), ("initiative", "bill"), ("~act", "bill"),
        ("stated", "said"), ("says", "said"),
        ("principally", "primarily"), ("mainly", "primarily"), ("nearly", "almost"), ("o clock", "oclock"),
    ],
}  # fmt: skip
"""Different words for the same; a sign in front as in make_languages.py."""
