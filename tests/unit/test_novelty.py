"""What one paragraph adds to another, by every engine that runs here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dedup import novelty
from dedup.engine.select import available

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
]

DIFFERENT = [
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


def test_an_expanded_acronym_is_not_new(added: Rule) -> None:
    assert added("The Community Development Block Grant (CDBG) program grows", "The CDBG program grows") is None
    assert added("The Community Development Bank (CDB) program grows", "The CDBG program grows") is not None


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
