"""What one paragraph adds to another, by every engine that runs here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dedup.engine.select import available
from dedup.rule import novelty

Rule = Callable[[str, str], "tuple[str, tuple[str, ...]] | None"]


@pytest.fixture(params=available())
def added(request: pytest.FixtureRequest) -> Rule:
    """The rule of an engine, on strings."""
    if request.param == "native":
        from dedup.engine import native

        return lambda p, q: native.added(p.encode(), q.encode())
    return lambda p, q: novelty.added(p.encode(), q.encode())


SAME = [
    ("It fell 5 pct", "It fell 5 percent"),
    ("It fell 5%", "It fell five per cent"),
    ("The U.S. agreed", "The United States agreed"),
    ("It paid $1.5 mln", "It paid $1,500,000"),
    ("It paid 10 million dlrs", "It paid ten million dollars"),
    ("Half, 1/2 of it", "Half, 0.5 of it"),
    ("It fell 12-1/2 cts", "It fell 12.5 cents"),
    ("It struck at 9:40 A.M. local time", "It struck at 0940 local time"),
    ("It left at 9 p.m.", "It left at 2100"),
    ("Twenty-one senators agreed", "21 senators agreed"),
    ("The tenth letter", "The 10th letter"),
    ("Sen. Lugar spoke", "Senator Lugar spoke"),
    ("Lugar (R-IN) spoke", "Lugar (R-Ind.) spoke"),
    ("Frist (R-Tenn.) spoke", "Frist (R-TN) spoke"),
    ("On Feb. 22 it closed", "On February 22 it closed"),
    ("They organised a programme", "They organized a program"),
    ("They co-operate", "They cooperate"),
    ("The Headstart program", "The Head Start program"),
    ("The goverment agreed", "The government agreed"),
    ("The govemment agreed", "The government agreed"),
    ("the legislati0n passed", "the legislation passed"),
    ("They do not agree", "They don't agree"),
    ("* Calls for peace", "3. Calls for peace"),
    ("The Fuels Act passed", "The Fuels Act[2] passed"),
    ("Der Umsatz stieg um zwanzig Prozent", "Der Umsatz stieg um 20 %"),
    ("Am 3. Jan. 1987 schloss die Börse", "Am 3. Januar 1987 schloss die Börse"),
    ("Les ventes ont augmenté de vingt pour cent", "Les ventes ont augmenté de 20 %"),
    ("Las ventas subieron veinte por ciento", "Las ventas subieron 20 %"),
    ("Le vendite sono salite di venti per cento", "Le vendite sono salite di 20 %"),
    ("As vendas subiram vinte por cento", "As vendas subiram 20 %"),
    ("De omzet steeg twintig procent", "De omzet steeg 20 procent"),
    ("Он купил двадцать домов", "Он купил 20 домов"),
    ("“Don’t panic,” he said", '"Don\'t panic", he said'),
    ("They met Kohl and Feingold in Madison", "They met Feingold and Kohl in Madison"),
    ("Sens. Kohl and Feingold voted for it", "Sens. Feingold and Kohl voted for it"),
    ("On Monday the mayor met Kerry in Dover", "The mayor met Kerry in Dover on Monday"),
    ("Truly serious about making it safe", "Truly serious making it safe"),
    ("The U.S. Senate passed the bill", "The Senate passed the bill"),
    ("the Clean Air Act passed", "the Clean Air bill passed"),
    ("* Addressing the waste of water", "* Addresses the waste of water"),
    ("Thesenator spoke in Dover", "The senator spoke in Dover"),
]

IN_OTHER_CASE = [
    "Sen. Lugar (R-IN) said the U.S. paid $1.5 mln to DO it in Wash., not in Miss. or me",
    "A new plan would give us NE of Omaha a school in Sept. and in May",
    "Das Parlament in Wien hat am 3. Januar nicht über das Gesetz abgestimmt",
    "L'Assemblée n'a pas voté la loi à Paris le 7 sept. 1987",
    "El Congreso no aprobó la ley en Madrid el 5 de mayo",
    "Банк не платит за дома в Москве с 3 мая",
]

READ_WRONG = [
    ("the cornmittee approved it", "the committee approved it"),
    ("he was rehable in all", "he was reliable in all"),
    ("the committee made a decisiou", "the committee made a decision"),
    ("it adds to the domam of law", "it adds to the domain of law"),
    ("money for 5chools in towns", "money for schools in towns"),
    ("money 0f the towns", "money of the towns"),
    ("they arc all here", "they are all here"),
    ("tbe towns were poor", "the towns were poor"),
    ("the goveernment spoke", "the government spoke"),
    ("thees towns were poor", "these towns were poor"),
    ("sie wollen dort arbeitcn", "sie wollen dort arbeiten"),
    ("il a dit que la décisiou est là", "il a dit que la décision est là"),
    ("ellos hablan del gobiemo", "ellos hablan del gobierno"),
    ("они пошли в болышой дом", "они пошли в большой дом"),
]

DIFFERENT = [
    ("This does do that.", "This does not do that.", "negation"),
    ("This does not do that.", "This does do that.", "negation"),
    ("We met. He came.", "We met. Not so. He came.", "negation"),
    ("They moved to Fort Riley, Mein, on Monday.", "They moved to Fort Riley, Kansas, on Monday.", "name"),
    ("It fell on February 22", "It fell on February 20", "figure"),
    ("It fell to -5 today", "It fell to $5 today", "figure"),
    ("It fell to 1.4 cts", "It fell to 14 cts", "figure"),
    ("Section 5.1 applies", "Section 5.10 applies", "figure"),
    ("It fell to 99.9 from 100.0", "It fell to 100.0 from 99.9", "order"),
    ("ten million dlrs", "ten billion dlrs", "figure"),
    ("twelve students came", "thirteen students came", "figure"),
    ("Austria signed it", "Australia signed it", "name"),
    ("The mayor met Benton today", "The mayor met John today", "name"),
    ("It will not close", "It will close", "negation"),
    ("It will close", "It will not close", "negation"),
    ("The bill extends credits", "The bill would extend credits", "word"),
    ("They may approve it", "They approve it", "word"),
    ("Head Start serves families", "Early Head Start serves families", "name"),
    ("The Senate approved it", "The Senate Appropriations Committee approved it", "name"),
    ("a debt of 23 billion", "a debt of over 23 billion", "word"),
    ("the date of the rule", "the date of the rule's requirements", "word"),
    ("one mln barrels a year", "one mln barrels a day", "word"),
    ("the country voted", "the county voted", "word"),
    ("3.9 pct zinc", "3.9 pct lead", "word"),
    ("exports to Iraq from Iran", "exports to Iraq", "word"),
    ("Die Bank zahlt nicht mehr", "Die Bank zahlt mehr", "negation"),
    ("La banque ne paie pas", "La banque paie", "negation"),
    ("El banco no paga", "El banco paga", "negation"),
    ("La banca non paga", "La banca paga", "negation"),
    ("O banco não paga", "O banco paga", "negation"),
    ("De bank betaalt niet", "De bank betaalt", "negation"),
    ("Банк не платит", "Банк платит", "negation"),
    ("لا يدفع البنك", "يدفع البنك", "negation"),
    ("बैंक भुगतान नहीं करता", "बैंक भुगतान करता", "negation"),
    ("银行不付款", "银行付款", "negation"),
    ("銀行が無い", "銀行が有る", "negation"),
    ("Iraq attacked Iran", "Iran attacked Iraq", "order"),
    ("It was said that Iraq attacked Iran", "It was said that Iran attacked Iraq, Iraq said", "order"),
    ("Boston 5, Dallas 3", "Dallas 5, Boston 3", "order"),
    ("Kohl (D-WI) met Smith (R-OR)", "Smith (D-WI) met Kohl (R-OR)", "order"),
    ("It opens on Monday and ends on Friday", "It opens on Friday and ends on Monday", "order"),
    ("Der Mann biss den Hund", "Der Hund biss den Mann", "order"),
    ("L'Irak a attaqué l'Iran", "L'Iran a attaqué l'Irak", "order"),
    ("Irak atacó a Irán", "Irán atacó a Irak", "order"),
    ("Ирак напал на Иран", "Иран напал на Ирак", "order"),
    ("伊拉克攻击伊朗", "伊朗攻击伊拉克", "order"),
    ("He sells zinc and buys zinc", "He sells zinc and buys lead", "order"),
    ("They voted for the bill", "They voted against the bill", "word"),
    ("It sells oil to Iraq", "It sells oil from Iraq", "word"),
    ("Sie stimmten für das Gesetz", "Sie stimmten gegen das Gesetz", "word"),
    ("Votaron por la ley", "Votaron contra la ley", "word"),
    ("It cost about 5 dollars", "It cost 5 dollars", "word"),
    ("It cost 5 dollars", "It cost about 5 dollars", "word"),
    ("AUSTRIA SIGNED IT", "AUSTRALIA SIGNED IT", "word"),
    ("AUSTRIA SIGNED THE TREATY", "Australia signed the treaty", "word"),
    ("PETERS SIGNED IT", "PETER SIGNED IT", "word"),
    ("HEAD START SERVES THEM", "EARLY HEAD START SERVES THEM", "name"),
    ("HEAD START SERVES THEM", "Early Head Start serves them", "name"),
    ("IRAQ ATTACKED IRAN", "IRAN ATTACKED IRAQ", "name"),
    ("IRAQ ATTACKED IRAN IN ROME", "Iran attacked Iraq in Rome", "order"),
    ("It says a statue is needed", "It says a statute is needed", "word"),
    ("Brown said so", "Browning said so", "name"),
    ("a table of notes", "no table of notes", "negation"),
    ("He met Rep. Para there", "He met Rep. Smith there", "name"),
    ("I am representative of it", "I am pleased of it", "word"),
    ("The Fuels Act[2] passed", "The Fuels Act[3] passed", "word"),
    ("the f1eet of F15 jets", "the fleet of F16 jets", "figure"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_in_other_words_adds_nothing(added: Rule, one: str, other: str) -> None:
    """In both directions: neither says more."""
    assert added(one, other) is None
    assert added(other, one) is None


@pytest.mark.parametrize(("p", "q", "rule"), DIFFERENT)
def test_another_fact_is_told_by_its_rule(added: Rule, p: str, q: str, rule: str) -> None:
    addition = added(p, q)
    assert addition is not None
    assert addition[0] == rule


@pytest.mark.parametrize("text", IN_OTHER_CASE)
def test_the_same_words_in_another_case_add_nothing(added: Rule, text: str) -> None:
    """In capitals, in small letters, every word with a capital; in a figure, a sign still counts."""
    for other in (text.upper(), text.lower(), text.title().replace("'S", "'s")):
        assert added(other, text) is None
        assert added(text, other) is None
        assert added(other + " -5", text + " $5") is not None


@pytest.mark.parametrize(("one", "other"), READ_WRONG)
def test_an_error_of_reading_or_typing_adds_nothing(added: Rule, one: str, other: str) -> None:
    """Beside the word as it should be; in capitals it could be another name."""
    assert added(f"In Rome, {one}", f"In Rome, {other}") is None
    assert added(f"In Rome, {other}", f"In Rome, {one}") is None
    assert any(map(str.isdigit, one)) or added(one.upper(), other.upper()) is not None


def test_words_cut_at_line_ends_are_put_together(added: Rule) -> None:
    text = "The agreement was in no way informal, said the well-known author of a notable self-help book."
    wrapped = (
        "The agree-\nment was in no way in-\nformal, said the well-\r\nknown author of a no-\n table self-\nhelp book."
    )
    assert added(wrapped, text) is None
    assert added(text, wrapped) is None
    assert added(wrapped.replace("agree-\nment", "accord"), text) == ("word", ("accord",))
    assert added(wrapped.replace("in no way", "in a way"), text) is not None


def test_a_full_stop_after_a_whole_word_ends_the_sentence(added: Rule) -> None:
    """Friday. is no abbreviation, Corp. is: what follows may be left out, or is part of the name."""
    more = "They met on Friday. No vote was held in Dover. They went home."
    assert added("They met on Friday. They went home.", more) is None
    assert added("Fuels paid it.", "Energy Corp. Fuels paid it.") is not None


def test_the_new_words_are_given_as_they_stand(added: Rule) -> None:
    assert added("Atari Corp paid $2.5 mln", "MTech Corp paid $2.5 mln") == ("name", ("Atari",))
    assert added("It paid $2.5 mln", "It paid $3.5 mln") == ("figure", ("$2.5 mln",))


def test_the_original_may_say_more(added: Rule) -> None:
    """A sentence, a clause, a bracket more in what stays loses nothing; more in what goes does."""
    less = "The agreement was signed in Geneva."
    for more in (
        "The agreement was signed in Geneva. It would not end the war.",
        "It would not end the war. The agreement was signed in Geneva.",
        "The agreement (S. 434) was signed in Geneva.",
        "The agreement, forged by both parties, was signed in Geneva.",
    ):
        assert added(less, more) is None
        assert added(more, less) is not None


def test_no_sentence_is_made_of_two(added: Rule) -> None:
    """Another date may stand in the next sentence: all that is said stands in the original, in that order."""
    ends = "Bids must be in by Thursday, May 1, 2007. Those who were chosen will be told in 2008 by letter."
    assert added("Bids must be in by Thursday, May 1, 2008 by letter.", ends) == ("order", ())
    chairs = "The chairman is Senator Lugar of Indiana. Nobody opposed Senator Biden of Delaware."
    assert added("The chairman is Senator Biden of Delaware.", chairs) == ("order", ())
    assert added("Bids must be in by Thursday, May 1, 2007.", ends) is None
    caucus = "Lugar is a member of the Hunger Caucus, which has more than 30 members. The Hunger Caucus gives a forum."
    assert added("Lugar is a member of the Hunger Caucus, which gives a forum.", caucus) is None


def test_an_expanded_acronym_is_not_new(added: Rule) -> None:
    assert added("The Community Development Block Grant (CDBG) program grows", "The CDBG program grows") is None
    assert added("The Community Development Bank (CDB) program grows", "The CDBG program grows") is not None


def test_what_a_paragraph_itself_calls_a_name_is_not_new(added: Rule) -> None:
    """In brackets after it, from the initials of all words or with letters of several names."""
    assert added("A loan of the Department of Energy (DOE) grows", "A loan of the DOE grows") is None
    assert (
        added("Arms known as Man-Portable Air-Defense Systems (MANPADS) spread", "Arms known as MANPADS spread") is None
    )
    assert added("Arms known as Man-Portable Air-Defense Systems spread", "Arms known as MANPADS spread") is not None
    assert added("A loan to Ian Nordstrom (IND) grows", "A loan to IND grows") is not None
    assert added("A loan to Mary Ann Davis (MAINE) grows", "A loan to MAINE grows") is not None


def test_another_name_with_the_same_initials_is_new(added: Rule) -> None:
    mine, theirs = "Alpha Beta Corp (ABC) said it grew", "American Broadcasting Company (ABC) said it grew"
    assert added(mine, theirs) is not None
    assert added("The Alpha Bank of Canada (ABC) said it grew", "The ABC said it grew") is None


def test_a_slip_is_tolerated_in_no_name_and_no_figure(added: Rule) -> None:
    assert added("He met Jonson", "He met Johnson") is not None
    assert added("It cost 1000 dollars", "It cost 100 dollars") is not None
    assert added("It cost five milllion dollars", "It cost five million dollars") is not None


def test_texts_that_differ_everywhere_are_not_aligned(added: Rule) -> None:
    """More differences than are looked at: the rule gives up on the safe side."""
    one = " ".join(f"a{i}b" for i in range(600))
    other = " ".join(f"c{i}d" for i in range(600))
    assert added(one, other) == ("word", ())


def test_nothing_adds_nothing(added: Rule) -> None:
    assert added("", "") is None
    assert added("", "The House voted") is None
    assert added("...", "") is None
