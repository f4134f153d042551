"""The HTML report in a real Chromium: it loads alone, answers clicks and keys, and text stays text."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import dedup
from dedup.report.renderers import render

from .reports import CLOSING, FERRY, HARBOUR, HOSTILE, HOSTILE_NAMES, many, scanned, scanned_files, town, with_texts

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def open_town(show, tmp_path):
    """The page of the three articles."""
    return show(town(tmp_path))


def compared(opened):
    """Text of the comparison, side by side."""
    return opened.page.locator("#compare").inner_text()


def test_the_first_screen_says_how_much_repeats_and_where(open_town):
    page = open_town.page
    assert page.locator("h1").inner_text() == "53 % of the words repeat what stands before them"
    assert open_town.count() == "5 of 5"
    worst = page.locator("button[data-file]").all_inner_texts()
    assert worst[0].startswith("b.txt")
    assert "a.txt" in worst[0]
    assert page.locator("button[data-finding]").count() == 4


def test_a_click_in_the_list_shows_both_places_with_their_differences(open_town):
    page = open_town.page
    page.locator("#list [role=option]").nth(1).click()
    assert "Lines 3–6 of b.txt repeat lines 1–4 of a.txt" in compared(open_town)
    assert "a.txt, lines 1–4" in compared(open_town)
    assert page.locator("#compare del").all_inner_texts() == ["evening", "4.1"]
    assert page.locator("#compare ins").all_inner_texts() == ["night", "4.2"]
    assert "quarter past eight" in page.locator("#compare tr.context").first.inner_text()


def test_a_click_on_an_arch_chooses_its_finding(show, tmp_path):
    opened = show(scanned(tmp_path, twice=HARBOUR + CLOSING + HARBOUR))
    page = opened.page
    page.evaluate("history.replaceState(null, '', '#')")
    box = page.locator("#chart").bounding_box()
    x, y = page.evaluate("""() => {
        const [a, , , d] = map.arch(map.drawn[0].feet);
        return [(a + d) / 2, map.ground - map.rise(d - a) + 1];
    }""")
    page.mouse.click(box["x"] + x, box["y"] + y)
    opened.until("location.hash === '#' + findings.id[0]")
    page.mouse.move(box["x"] + x, box["y"] + y)
    assert "Lines 6–9 repeat lines 1–4" in page.locator(".tip").inner_text()


def test_dragging_zooms_and_the_button_shows_everything_again(open_town):
    page = open_town.page
    box = page.locator("#chart").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 600, box["y"] + 100, steps=4)
    page.mouse.up()
    assert page.evaluate("map.zoomed")
    assert "% in view" in page.locator("#map-title").inner_text()
    page.locator("#all").click()
    assert not page.evaluate("map.zoomed")


def test_filters_by_likeness_kind_size_and_file(open_town):
    page = open_town.page
    page.locator("label.nearly").click()
    open_town.until("state.shown.length === 3")
    assert open_town.count() == "3 of 5"
    page.locator("#kind").select_option("2")
    open_town.until("state.shown.length === 1")
    assert "figure: 22" in compared(open_town)
    page.locator("#clear").click()
    page.locator("#words").select_option("50")
    open_town.until("state.shown.length === 1")
    page.locator("#clear").click()
    page.locator("#file").fill("c.txt")
    open_town.until("state.shown.length === 3")
    assert all(name.startswith("c.txt") for name in open_town.rows())
    page.locator("#order").select_option("words")
    open_town.until("findings.words[state.shown[0]] === Math.max(...state.shown.map((i) => findings.words[i]))")


def test_search_finds_words_of_either_side_and_marks_them(open_town):
    page = open_town.page
    page.locator("#text").fill("MINISTRY could")
    open_town.until("state.shown.length === 2")
    assert page.locator("#compare mark").first.inner_text() == "ministry could"
    page.locator("#text").fill("no such words anywhere")
    open_town.until("state.shown.length === 0")
    page.locator("#none button").click()
    assert open_town.count() == "5 of 5"


def test_search_finds_words_on_both_sides_of_a_wrapped_line(show, tmp_path):
    wrapped = "".join(line.replace(" and ", "\n  and ", 1) + "\n" for line in HARBOUR.splitlines(keepends=True))
    opened = show(scanned(tmp_path, a=wrapped, b=wrapped))
    page = opened.page
    assert opened.count() != "0 of 0"
    page.locator("#text").fill("evening  and heard")
    opened.until("state.needle !== ''")
    assert not opened.count().startswith("0")
    marked = page.locator("#compare mark").first.text_content()
    assert marked is not None
    assert marked.split() == ["evening", "and", "heard"]
    page.locator("#text").fill("(4.1 [")
    opened.until("state.shown.length === 0")


def test_a_page_without_text_says_so_and_is_searched_by_name_and_id(show, tmp_path):
    report = scanned_files(tmp_path, {"a.txt": HARBOUR, "b.txt": HARBOUR}, level="none")
    opened = show(report)
    (finding,) = opened.page.evaluate("findings.id")
    assert f"dedup explain REPORT.json {finding} reads it in the files" in compared(opened)
    assert "removed" in compared(opened)
    for wanted, number in (("b.txt", 1), (finding, 1), ("harbour", 0)):
        opened.page.locator("#text").fill(wanted)
        opened.until(f"state.needle === '{wanted}' && state.shown.length === {number}")


def test_a_check_does_not_say_that_it_removed_anything(show, tmp_path):
    report = dataclasses.replace(scanned(tmp_path, a=HARBOUR, b=HARBOUR), check={"failed": ["1 repeat"], "gates": {}})
    said = compared(show(report))
    assert "4 paragraphs" in said
    assert "removed" not in said


def test_keys_walk_search_and_step_back(open_town):
    page = open_town.page
    start = page.evaluate("state.selected")
    page.locator("#list").scroll_into_view_if_needed()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("state.selected") == start + 1
    assert page.locator("[role=option][aria-selected=true]").count() == 1
    assert page.evaluate("document.activeElement.getAttribute('aria-activedescendant')") == f"row-{start + 1}"
    page.keyboard.press("End")
    assert page.evaluate("state.selected") == 4
    page.keyboard.press("Home")
    assert page.evaluate("state.selected") == 0
    page.keyboard.press("/")
    page.keyboard.type("jk ministry")
    assert page.locator("#text").input_value() == "jk ministry"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    open_town.until("state.shown.length === 5")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()


def test_the_first_key_on_the_first_screen_leaves_no_finding_out(show, tmp_path):
    page = show(town(tmp_path), viewport={"width": 1280, "height": 400}).page
    assert page.evaluate("byId('list').getBoundingClientRect().top > innerHeight")
    page.keyboard.press("j")
    assert page.evaluate("[state.selected, state.picked]") == [0, True]
    page.keyboard.press("j")
    assert page.evaluate("state.selected") == 1


def test_long_names_show_where_they_differ_and_whole_beside_the_texts(show, tmp_path):
    """Copies of one article in a site have names that differ in their last characters."""
    names = [f"{'an-article-on-the-harbour-board-of-the-town-' * 4}{number}.txt" for number in (1, 2, 3)]
    opened = show(scanned_files(tmp_path, dict.fromkeys(names, HARBOUR)), viewport={"width": 390, "height": 844})
    page = opened.page
    for place in ("#list .top", "button[data-file]", "button[data-finding]"):
        right, end = page.locator(place).last.evaluate("""(row) => {
            const name = row.querySelector("bdi"), text = name.firstChild, range = document.createRange();
            range.setStart(text, text.length - 5);
            range.setEnd(text, text.length);
            return [name.parentElement.getBoundingClientRect().right, range.getBoundingClientRect().right];
        }""")
        assert end <= right + 1, place
    assert page.locator("#compare th bdi").first.text_content() == str(tmp_path / names[0])


def test_the_keyboard_reaches_the_texts_of_the_only_finding(show, tmp_path):
    """Its buttons for the previous and the next one are off: Enter goes to the texts, which scroll, and Esc back."""
    page = show(scanned(tmp_path, a=HARBOUR * 2), viewport={"width": 1280, "height": 500}).page
    page.locator("#list").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "compare"
    page.locator("#list").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "compare"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "list"


def test_what_the_comparison_covers_on_a_phone_is_out_of_reach(show, tmp_path):
    page = show(town(tmp_path), **PHONE).page
    reachable = """() => [...document.querySelectorAll("button, input, select, a, summary, [role=listbox]")]
        .filter((one) => !one.closest("[inert], dialog") && !byId("compare").contains(one)).length"""
    before = page.evaluate(reachable)
    page.locator("#list [role=option]").nth(1).tap()
    assert page.evaluate(reachable) == 0
    assert page.get_by_role("dialog", name="Original and repeat").is_visible()
    page.locator("#compare [aria-label^=Next]").tap()
    assert page.evaluate("document.activeElement.id") == "compare"
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.evaluate(reachable) == before
    assert page.evaluate("document.activeElement.id") == "list"


def test_variants_alone_are_told_under_no_repeats(show, tmp_path):
    """Else the page says that nothing repeats and shows findings."""
    other = HARBOUR.splitlines()[2]
    (tmp_path / "a.txt").write_text(f"{other}\n{other.replace('4.1', '4.2')}\n", encoding="utf-8")
    page = show(dedup.scan([tmp_path / "a.txt"])).page
    assert page.locator("h1").inner_text() == "No repeats"
    assert page.locator(".lead > p").inner_text().endswith("1 passage near to another adds something and stays.")


def test_back_leads_to_the_first_screen(open_town):
    """However many findings were looked at; and not out of the page."""
    page = open_town.page
    for number in (1, 2):
        page.locator("button[data-finding]").nth(number).click()
    page.go_back()
    open_town.until("!state.picked && !location.hash")
    open_town.until("byId('chart').getBoundingClientRect().bottom > 0")
    page.go_forward()
    open_town.until("state.picked && location.hash.slice(1) === findings.id[state.selected]")


def test_an_address_that_is_none_opens_the_page(open_town):
    page = open_town.page
    page.goto(page.url.partition("#")[0] + "#%")
    page.reload()
    open_town.until("document.documentElement.dataset.ready === 'true'")


def test_an_address_with_an_id_opens_that_finding(open_town):
    page = open_town.page
    for number in (3, 0):
        identity = page.evaluate(f"findings.id[{number}]")
        page.evaluate("(id) => { location.hash = id; }", identity)
        open_town.until(f"state.selected === {number}")
        assert identity in compared(open_town)
    page.reload()
    open_town.until("state.picked && scrollY > 0")


def test_on_a_phone_the_comparison_covers_the_list_and_closes_again(show, tmp_path):
    page = show(town(tmp_path), **PHONE).page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not page.locator("#compare").is_visible()
    page.locator("button[data-finding]").first.tap()
    assert page.locator("#compare").is_visible()
    page.get_by_role("button", name="Back to the list").tap()
    assert not page.locator("#compare").is_visible()


def test_on_a_phone_a_short_list_is_followed_by_the_foot(show, tmp_path):
    """Not by a blank half of the screen, which stood for the comparison that covers the screen there."""
    page = show(scanned(tmp_path, **{"a.txt": HARBOUR, "b.txt": HARBOUR}), **PHONE).page
    end, foot = (page.locator(one).bounding_box() for one in (".list", ".foot"))
    assert foot["y"] - (end["y"] + end["height"]) < 60


def test_on_a_phone_one_text_that_stands_for_both_names_both_lines(show, tmp_path):
    page = show(scanned(tmp_path, twice=HARBOUR + CLOSING + HARBOUR), **PHONE).page
    page.locator("button[data-finding]").first.tap()
    row = page.locator("#compare tr.alike").first
    assert not row.locator("td").first.is_visible()
    before = row.locator("td .at").last.evaluate("(at) => getComputedStyle(at, '::before').content")
    assert "line 1 and " in before
    assert row.locator("td .at").last.inner_text() == "line 6"


def test_on_a_small_phone_the_texts_have_most_of_the_screen_and_both_paths_are_whole(show, tmp_path):
    """A title of long names took more than half of it, and stayed there."""
    names = [f"{'an-article-on-the-harbour-board-of-the-town-' * 4}{number}.txt" for number in (1, 2)]
    opened = show(scanned_files(tmp_path, dict.fromkeys(names, HARBOUR * 9)), viewport={"width": 320, "height": 568})
    page = opened.page
    page.locator("button[data-finding]").first.click()
    shown = page.locator("#compare th bdi")
    assert [one.inner_text() for one in shown.all()] == [str(tmp_path / name) for name in names]
    assert all(one.bounding_box()["width"] > 100 for one in shown.all())
    page.evaluate("compare.scrollTop = 400")
    covered = page.evaluate("""Math.max(...[...compare.querySelectorAll(".head, .head *")]
        .filter((one) => !one.matches(".head")).map((one) => one.getBoundingClientRect().bottom))""")
    assert 30 < covered < 568 / 5
    page.get_by_role("button", name="Back to the list").click()
    assert not page.locator("#compare").is_visible()


def test_a_tablet_that_is_turned_can_be_scrolled(show, tmp_path):
    """The comparison that covered the page stands beside the list, and its button to close it is gone."""
    opened = show(town(tmp_path), viewport={"width": 820, "height": 1180})
    page = opened.page
    page.locator("button[data-finding]").first.click()
    assert page.evaluate("document.body.style.overflow") == "hidden"
    page.set_viewport_size({"width": 1180, "height": 820})
    opened.until("document.body.style.overflow === ''")
    opened.until("Math.abs(byId('findings').getBoundingClientRect().top) < innerHeight / 2")
    assert page.locator("#compare").is_visible()
    page.set_viewport_size({"width": 820, "height": 1180})
    opened.until("getComputedStyle(compare).visibility === 'hidden'")


CONTRASTS = Path(__file__).with_name("contrasts.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_of_wcag_aa(show, tmp_path, scheme):
    page = show(town(tmp_path), color_scheme=scheme).page
    page.locator("#list [role=option]").nth(1).click()
    assert page.evaluate(CONTRASTS) == []
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert page.evaluate(CONTRASTS) == []


def test_every_control_has_a_name_and_the_list_says_where_it_stands(open_town):
    page = open_town.page
    nameless = page.evaluate("""() => [...document.querySelectorAll("button, input, select")]
        .filter((one) => !(one.getAttribute("aria-label") || one.labels?.length || one.textContent.trim()))
        .map((one) => one.outerHTML)""")
    assert nameless == []
    row = page.locator("#list [role=option]").nth(2)
    assert (row.get_attribute("aria-posinset"), row.get_attribute("aria-setsize")) == ("3", "5")
    assert [h.inner_text() for h in page.locator("h1, h2:visible").all()][1:] == [
        "Map of the 3 documents", "Documents with the most repeats", "Longest repeats", "Findings",
    ]  # fmt: skip


def test_on_paper_the_first_findings_stand_with_both_places(open_town):
    page = open_town.page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#printed article").count() == 5
    assert page.locator("#printed").is_visible()
    assert page.locator("#chart svg.paper path").count() >= 5
    assert page.locator("#chart svg.paper text").all_text_contents() == ["a.txt", "b.txt", "c.txt"]
    assert not page.locator("#filters").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#printed article").count() == 0


def test_text_and_names_that_want_to_be_code_are_text(show, tmp_path):
    opened = show(scanned_files(tmp_path, dict.fromkeys(HOSTILE_NAMES, HOSTILE)))
    page = opened.page
    page.locator("#list [role=option]").first.click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, #compare script, #list script, #printed script").count() == 0
    text = compared(opened)
    assert "<script>window.hacked = 1</script>" in text
    assert "\\u003cscript>" in text
    assert "{{ 7 * 7 }}" in text
    for name in ("RLO", "LRI", "BOM", "NUL", "ESC"):
        assert page.locator("#compare .control", has_text=name).count() >= 1
    assert "\u202e" not in page.evaluate("document.body.innerText")


def test_the_policy_stops_scripts_that_are_not_ours(show, tmp_path):
    opened = show(town(tmp_path))
    page = opened.page
    refused = page.evaluate("""async () => {
        const attempts = {
            markup: () => { document.body.innerHTML += "<b>markup</b>"; },
            script: () => { document.createElement("script").textContent = "window.hacked = 1"; },
            handler: () => document.body.setAttribute("onclick", "window.hacked = 2"),
            network: () => fetch("https://example.org/"),
        };
        const refused = [];
        for (const [name, attempt] of Object.entries(attempts)) {
            try { await attempt(); } catch { refused.push(name); }
        }
        return refused;
    }""")
    assert refused == ["markup", "script", "handler", "network"]
    told = [opened.problems.pop() for _ in range(len(opened.problems))]
    assert all("Content Security Policy" in one or "Trusted" in one for one in told), told
    assert page.evaluate("window.hacked") is None


def test_a_word_of_a_megabyte_and_bytes_that_are_not_utf8_do_not_break_the_page(show, tmp_path):
    long = "An opening of nine words stands before it, says she: " + "x" * 1_000_000 + "\n"
    broken = "Latin-1 of old: caf\udce9 na\udcefve r\udce9sum\udce9 stand here in bytes of their own again\n"
    opened = show(scanned_files(tmp_path, {"a.txt": long + broken, "b.txt": long + broken}))
    opened.page.locator("#list [role=option]").first.click()
    assert "An opening of nine words" in compared(opened)
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.page.evaluate(
        "document.getElementById('compare').scrollWidth <= document.getElementById('compare').clientWidth"
    )


def test_ten_thousand_findings_are_a_short_list_in_the_document(show, tmp_path):
    opened = show(many(10_000))
    page = opened.page
    assert (tmp_path / "report.html").stat().st_size < 15_000_000
    assert opened.count() == "10,000 of 10,000"
    assert page.locator("#list [role=option]").count() < 40
    assert page.evaluate("chunks.size") < 10  # texts are parsed when they are looked at
    page.evaluate("document.getElementById('list').scrollTop = 84 * 9000")
    page.wait_for_selector("#row-9001")
    assert page.locator("#list [role=option]").count() < 60
    page.locator("#text").fill(page.evaluate("findings.id[7777]"))
    opened.until("state.shown.length === 1")


def test_of_findings_alike_in_size_the_map_draws_some_everywhere(show):
    page = show(many(3000)).page
    tenths = page.evaluate("[...new Set(map.drawn.map(({ feet }) => Math.floor(10 * feet[3] / page.bytes)))].sort()")
    assert page.evaluate("map.hidden") == 1500
    assert tenths == list(range(10))


def test_without_scripts_the_first_screen_is_there_and_says_what_is_missing(browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_text("".join(render(town(tmp_path), "html")), encoding="utf-8")
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(path.as_uri())
    assert page.locator("h1").inner_text() == "53 % of the words repeat what stands before them"
    assert page.locator("noscript").inner_text().startswith("The map, the search and the comparison need JavaScript")
    assert page.locator("button[data-file]").count() == 2
    assert not page.locator("#chart").is_visible()
    page.context.close()


def test_a_page_without_findings_says_so(show, tmp_path):
    opened = show(scanned(tmp_path, a=HARBOUR, b=FERRY))
    assert opened.page.locator("h1").inner_text() == "No repeats"
    assert not opened.page.locator("#findings").is_visible()


@pytest.mark.parametrize(
    ("first", "second", "lost", "added"),
    [
        ("a b c d", "a b c d", [], []),
        ("the tin and the zinc", "the tin, and the lead", ["zinc"], ["lead"]),
        ("one two three four", "zero one three four five", ["two"], ["zero ", " five"]),
        ("", "only here", [], ["only here"]),
        ("東京は晴れ", "東京は雨", ["晴れ"], ["雨"]),
        ("Ünïcode ﬁts", "ünïcode fits", [], []),
        ("x y z", "p q r", ["x y z"], ["p q r"]),
        ("he went – \x00 🎉 – home", "he ran – \x00 🎉 – home", ["went"], ["ran"]),
        ("– a – b –", "– a – c –", ["b"], ["c"]),
        ("x – y z", "p – q z", ["x – y"], ["p – q"]),
    ],
)
def test_the_word_diff(open_town, first, second, lost, added):
    """New words are found on each side; case, width and punctuation alone are no difference."""
    left, right = open_town.page.evaluate("([a, b]) => diffWords(a, b)", [first, second])
    assert "".join(text for text, _ in left) == first
    assert "".join(text for text, _ in right) == second
    assert [text.strip() for text, how in left if how == "new"] == [text.strip() for text in lost]
    assert [text.strip() for text, how in right if how == "new"] == [text.strip() for text in added]


@pytest.mark.parametrize(
    ("first", "second", "left", "right"),
    [
        ("第三条(修订)、施行。", "第三条（修订），施行。", ["(", ")、"], ["（", "），"]),
        ("不，可以出版", "不可以出版", ["，"], []),
        ("he said - so", "he said so –", ["-"], ["–"]),
        ("– a – b", "– a – c", [], []),
        ("the  same\nwords", "the same words", [], []),
        ("a , b", "a x b", [","], []),
        ("a <!-- b", "a x – y <!-- b", [], []),
    ],
)
def test_punctuation_that_stands_by_itself_is_marked_softly(open_town, first, second, left, right):
    """As the same signs are on a word; white space alone is no difference."""
    sides = open_town.page.evaluate("([a, b]) => diffWords(a, b)", [first, second])
    assert ["".join(text for text, _ in side) for side in sides] == [first, second]
    assert [[text for text, how in side if how == "soft"] for side in sides] == [left, right]


def test_an_original_in_a_third_document_has_no_line_of_the_second(show, tmp_path):
    """A paragraph of a block may repeat another document than its neighbours do."""
    opened = show(scanned(tmp_path, a=FERRY + CLOSING, b=HARBOUR + CLOSING, c=HARBOUR + CLOSING))
    opened.page.locator("#list [role=option]").last.click()
    places = opened.page.locator("#compare tbody tr:not(.context) td").all_inner_texts()
    places = [text.split("\n")[0] for text in places if "spokesman" in text]
    assert places == ["elsewhere", "line 5"]


def test_texts_too_different_for_marks_say_so(show, tmp_path):
    """Unmarked they would pass for texts that are the same."""
    words = [f"w{i}" for i in range(3000)]
    other = [f"x{i}" if i % 9 else word for i, word in enumerate(words)]
    opened = show(with_texts(town(tmp_path), 0, " ".join(words), " ".join(other)))
    opened.page.locator("#list [role=option]").nth(1).click()
    assert opened.page.locator("#compare del").count() == 0
    assert "Too different to be marked word by word" in compared(opened)


def test_what_is_longer_where_the_text_is_cut_is_not_marked(show, tmp_path):
    """It stands in the other text, too, behind the cut."""
    words = [f"w{i}" for i in range(3000)]
    opened = show(with_texts(town(tmp_path), 0, " ".join(words), " ".join([*words[:40], *"pqrst", *words[40:]])))
    opened.page.locator("#list [role=option]").nth(1).click()
    assert "the paragraph goes on" in compared(opened)
    assert opened.page.locator("#compare ins").all_inner_texts() == ["p q r s t"]
    assert opened.page.locator("#compare del").all_inner_texts() == []


def test_the_word_diff_of_random_texts_is_as_short_as_can_be(open_town):
    """The words in common are a longest common subsequence, by the quadratic table."""
    worst = open_town.page.evaluate("""() => {
        let seed = 7;
        const next = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
        for (let round = 0; round < 400; round++) {
            const words = () => Array.from({ length: next(14) }, () => "abcd"[next(4)]);
            const a = words(), b = words();
            const best = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
            for (let i = 1; i <= a.length; i++) for (let j = 1; j <= b.length; j++)
                best[i][j] = a[i - 1] === b[j - 1]
                    ? best[i - 1][j - 1] + 1 : Math.max(best[i - 1][j], best[i][j - 1]);
            const pairs = commonPairs(a, b);
            const rises = ([i, j], at) => !at || (i > pairs[at - 1][0] && j > pairs[at - 1][1]);
            const good = pairs.every((pair, at) => a[pair[0]] === b[pair[1]] && rises(pair, at));
            if (!good || pairs.length !== best[a.length][b.length]) return [a, b, pairs];
        }
        return null;
    }""")
    assert worst is None
