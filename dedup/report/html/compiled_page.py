"""Made by scripts/make_page.py from assets/page.html; not to be edited."""

MADE_FROM = 'jinja2 3.1.6, page.html b0e2e6b8b5c2889e7c4c2cf1b41a851b352f2e615d992a133d9d30b40ce75928'
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = None

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_policy = resolve('policy')
    l_0_version = resolve('version')
    l_0_headline = resolve('headline')
    l_0_name = resolve('name')
    l_0_style = resolve('style')
    l_0_figures = resolve('figures')
    l_0_failed = resolve('failed')
    l_0_skipped = resolve('skipped')
    l_0_skipped_sentence = resolve('skipped_sentence')
    l_0_left_out = resolve('left_out')
    l_0_any = resolve('any')
    l_0_map_title = resolve('map_title')
    l_0_map_label = resolve('map_label')
    l_0_counts = resolve('counts')
    l_0_worst = resolve('worst')
    l_0_largest = resolve('largest')
    l_0_several = resolve('several')
    l_0_settings = resolve('settings')
    pass
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="'
    yield escape((undefined(name='policy') if l_0_policy is missing else l_0_policy))
    yield '">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n<meta name="generator" content="dedup '
    yield escape((undefined(name='version') if l_0_version is missing else l_0_version))
    yield '">\n<title>'
    yield escape(environment.getattr((undefined(name='headline') if l_0_headline is missing else l_0_headline), 'share'))
    yield ' repeats · '
    yield escape((undefined(name='name') if l_0_name is missing else l_0_name))
    yield ' · dedup</title>\n<style>'
    yield escape((undefined(name='style') if l_0_style is missing else l_0_style))
    yield '</style>\n</head>\n<body>\n<a class="skip" href="#findings">Skip to the findings</a>\n<header class="bar">\n  <span class="mark">dedup</span>\n  <span class="name"><bdi>'
    yield escape((undefined(name='name') if l_0_name is missing else l_0_name))
    yield '</bdi></span>\n  <button type="button" class="quiet" id="keys" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">?</button>\n  <button type="button" class="quiet" id="theme" aria-label="Switch between light and dark" title="Light or dark">◐</button>\n</header>\n<main>\n<section class="lead" aria-labelledby="headline">\n  <h1 id="headline">'
    if environment.getattr((undefined(name='headline') if l_0_headline is missing else l_0_headline), 'words'):
        pass
        yield '<strong>'
        yield escape(environment.getattr((undefined(name='headline') if l_0_headline is missing else l_0_headline), 'share'))
        yield '</strong> of the words repeat what stands before them'
    else:
        pass
        yield 'No repeats'
    yield '</h1>\n  <p>'
    yield escape(environment.getattr((undefined(name='headline') if l_0_headline is missing else l_0_headline), 'sentence'))
    yield '</p>\n  <dl class="figures">\n'
    for (l_1_label, l_1_value) in (undefined(name='figures') if l_0_figures is missing else l_0_figures):
        _loop_vars = {}
        pass
        yield '    <div><dt>'
        yield escape(l_1_label)
        yield '</dt><dd>'
        yield escape(l_1_value)
        yield '</dd></div>\n'
    l_1_label = l_1_value = missing
    yield '  </dl>\n</section>\n\n'
    if (undefined(name='failed') if l_0_failed is missing else l_0_failed):
        pass
        yield '<div class="notice" role="note">\n  <p>The check did not pass:</p>\n  <ul>'
        for l_1_one in (undefined(name='failed') if l_0_failed is missing else l_0_failed):
            _loop_vars = {}
            pass
            yield '<li>'
            yield escape(l_1_one)
            yield '</li>'
        l_1_one = missing
        yield '</ul>\n</div>\n'
    if (undefined(name='skipped') if l_0_skipped is missing else l_0_skipped):
        pass
        yield '<div class="notice" role="note">\n  <p>'
        yield escape((undefined(name='skipped_sentence') if l_0_skipped_sentence is missing else l_0_skipped_sentence))
        yield '</p>\n  <ul>'
        for l_1_one in (undefined(name='skipped') if l_0_skipped is missing else l_0_skipped):
            _loop_vars = {}
            pass
            yield '<li><bdi>'
            yield escape(environment.getattr(l_1_one, 'path'))
            yield '</bdi>: '
            yield escape(environment.getattr(l_1_one, 'reason'))
            yield '</li>'
        l_1_one = missing
        yield '</ul>\n</div>\n'
    if (undefined(name='left_out') if l_0_left_out is missing else l_0_left_out):
        pass
        yield '<p class="notice" role="note">'
        yield escape((undefined(name='left_out') if l_0_left_out is missing else l_0_left_out))
        yield '</p>'
    yield '<noscript><p class="notice">The map, the search and the comparison need JavaScript. This file loads nothing from anywhere.</p></noscript>\n\n<section class="card map" aria-labelledby="map-title"'
    yield escape(('' if (undefined(name='any') if l_0_any is missing else l_0_any) else ' hidden'))
    yield '>\n  <header>\n    <h2 id="map-title">'
    yield escape((undefined(name='map_title') if l_0_map_title is missing else l_0_map_title))
    yield '<span id="inview"></span></h2>\n    <button type="button" id="closer" aria-label="Zoom in" title="Zoom in">+</button>\n    <button type="button" id="farther" aria-label="Zoom out" title="Zoom out" disabled>−</button>\n    <button type="button" id="all" disabled>Whole</button>\n  </header>\n  <div class="chart" id="chart" role="img" aria-label="'
    yield escape((undefined(name='map_label') if l_0_map_label is missing else l_0_map_label))
    yield '">\n    <canvas class="base"></canvas>\n    <canvas class="over"></canvas>\n    <div class="tip" hidden></div>\n  </div>\n  <div class="legend">\n'
    if environment.getattr((undefined(name='counts') if l_0_counts is missing else l_0_counts), 'exact'):
        pass
        yield '<p class="key same"><span>same words</span></p>'
    if environment.getattr((undefined(name='counts') if l_0_counts is missing else l_0_counts), 'near'):
        pass
        yield '<p class="key nearly"><span>nearly the same words</span></p>'
    if environment.getattr((undefined(name='counts') if l_0_counts is missing else l_0_counts), 'variant'):
        pass
        yield '<p class="key adds"><span>near, but adds something: kept</span></p>'
    yield '    <p>Left to right is the input from its start to its end. An arch joins a repeat, its right foot, to the earlier passage that it\n      repeats, its left foot; it is as thick as the passage is long. In the bar, colour is the part of each place that is a repeat.\n      <span id="hidden"></span><span class="hint">Click an arch to read both places; drag across the map to zoom in.</span></p>\n  </div>\n</section>\n\n<div class="tops">\n'
    if (undefined(name='worst') if l_0_worst is missing else l_0_worst):
        pass
        yield '  <section aria-labelledby="worst-title">\n    <h2 id="worst-title">Documents with the most repeats</h2>\n    <ol>\n'
        for l_1_one in (undefined(name='worst') if l_0_worst is missing else l_0_worst):
            _loop_vars = {}
            pass
            yield '      <li><button type="button" data-file="'
            yield escape(environment.getattr(l_1_one, 'name'))
            yield '" title="Only the findings of '
            yield escape(environment.getattr(l_1_one, 'name'))
            yield '">\n        <span class="clip"><bdi>'
            yield escape(environment.getattr(l_1_one, 'short'))
            yield '</bdi><small>← '
            yield escape(environment.getattr(l_1_one, 'origin'))
            yield '</small></span>\n        <svg role="img" aria-label="'
            yield escape(environment.getattr(l_1_one, 'share'))
            yield ' of its words"><rect width="'
            yield escape(environment.getattr(l_1_one, 'width'))
            yield '%" height="8"/></svg>\n        <span class="number">'
            yield escape(environment.getattr(l_1_one, 'share'))
            yield ' · '
            yield escape(environment.getattr(l_1_one, 'words'))
            yield '</span>\n      </button></li>\n'
        l_1_one = missing
        yield '    </ol>\n  </section>\n'
    if (undefined(name='largest') if l_0_largest is missing else l_0_largest):
        pass
        yield '  <section aria-labelledby="largest-title">\n    <h2 id="largest-title">Longest repeats</h2>\n    <ol>\n'
        for l_1_one in (undefined(name='largest') if l_0_largest is missing else l_0_largest):
            _loop_vars = {}
            pass
            yield '      <li class="wide"><button type="button" data-finding="'
            yield escape(environment.getattr(l_1_one, 'position'))
            yield '">\n        <span><span class="place"><bdi>'
            yield escape(environment.getitem(environment.getattr(l_1_one, 'place'), 0))
            yield '</bdi><span>'
            yield escape(environment.getitem(environment.getattr(l_1_one, 'place'), 1))
            yield '</span></span><small class="place">← <bdi>'
            yield escape(environment.getitem(environment.getattr(l_1_one, 'original'), 0))
            yield '</bdi><span>'
            yield escape(environment.getitem(environment.getattr(l_1_one, 'original'), 1))
            yield '</span></small>'
            if environment.getattr(l_1_one, 'says'):
                pass
                yield '<q class="clip" dir="auto">'
                yield escape(environment.getattr(l_1_one, 'says'))
                yield '</q>'
            yield '</span><span class="number">'
            yield escape(environment.getattr(l_1_one, 'words'))
            yield '</span>\n      </button></li>\n'
        l_1_one = missing
        yield '    </ol>\n  </section>\n'
    yield '</div>\n\n<section class="findings" id="findings" aria-labelledby="findings-title"'
    yield escape(('' if (undefined(name='any') if l_0_any is missing else l_0_any) else ' hidden'))
    yield '>\n  <form class="filters" id="filters" role="search" aria-label="Filter the findings">\n    <header>\n      <h2 id="findings-title">Findings</h2>\n      <p class="count"><span id="count" role="status"></span> <button type="button" class="quiet" id="clear" hidden>Clear filters</button></p>\n    </header>\n    <div class="grow">\n      <label class="visually-hidden" for="text">Search in texts, file names and ids</label>\n      <input type="search" id="text" name="text" placeholder="Search" autocomplete="off" spellcheck="false">\n    </div>\n    <fieldset class="kinds">\n      <legend class="visually-hidden">Which findings</legend>\n      <label class="same"'
    yield escape(('' if environment.getattr((undefined(name='counts') if l_0_counts is missing else l_0_counts), 'exact') else ' hidden'))
    yield '><input type="checkbox" name="same" checked><span>same '
    yield escape(context.call(environment.getattr('{:,}', 'format'), environment.getattr((undefined(name='counts') if l_0_counts is missing else l_0_counts), 'exact')))
    yield '</span></label>\n      <label class="nearly"'
    yield escape(('' if environment.getattr((undefined(name='counts') if l_0_counts is missing else l_0_counts), 'near') else ' hidden'))
    yield '><input type="checkbox" name="nearly" checked><span>nearly '
    yield escape(context.call(environment.getattr('{:,}', 'format'), environment.getattr((undefined(name='counts') if l_0_counts is missing else l_0_counts), 'near')))
    yield '</span></label>\n      <label class="adds"'
    yield escape(('' if environment.getattr((undefined(name='counts') if l_0_counts is missing else l_0_counts), 'variant') else ' hidden'))
    yield '><input type="checkbox" name="adds" checked><span>variants '
    yield escape(context.call(environment.getattr('{:,}', 'format'), environment.getattr((undefined(name='counts') if l_0_counts is missing else l_0_counts), 'variant')))
    yield '</span></label>\n    </fieldset>\n    <label class="visually-hidden" for="kind">Kind</label>\n    <select id="kind" name="kind">\n      <option value="-1">all kinds</option>\n      <option value="0">blocks</option>\n      <option value="1">paragraphs</option>\n      <option value="2">variants</option>\n    </select>\n    <label class="visually-hidden" for="words">Size</label>\n    <select id="words" name="words">\n      <option value="0">any size</option>\n      <option value="20">20 words up</option>\n      <option value="50">50 words up</option>\n      <option value="100">100 words up</option>\n      <option value="500">500 words up</option>\n    </select>\n'
    if (undefined(name='several') if l_0_several is missing else l_0_several):
        pass
        yield '    <div class="file">\n      <label class="visually-hidden" for="file">File</label>\n      <input type="text" id="file" name="file" placeholder="File" list="files" autocomplete="off" spellcheck="false">\n      <datalist id="files">'
        for l_1_one in (undefined(name='worst') if l_0_worst is missing else l_0_worst):
            _loop_vars = {}
            pass
            yield '<option value="'
            yield escape(environment.getattr(l_1_one, 'name'))
            yield '"></option>'
        l_1_one = missing
        yield '</datalist>\n    </div>\n'
    yield '    <label class="visually-hidden" for="order">Order</label>\n    <select id="order" name="order">\n      <option value="place">in order</option>\n      <option value="words">longest</option>\n      <option value="similarity">least alike</option>\n    </select>\n  </form>\n  <div class="split">\n    <div class="card list" id="list" role="listbox" tabindex="0" aria-label="Findings">\n      <div class="empty" id="none" hidden>Nothing matches these filters.<br><button type="button">Clear filters</button></div>\n    </div>\n    <article class="card compare" id="compare" tabindex="-1" aria-label="Original and repeat"></article>\n  </div>\n</section>\n<section class="printed" id="printed" aria-hidden="true"></section>\n</main>\n\n<footer class="foot">\n  <details>\n    <summary>Made by dedup '
    yield escape((undefined(name='version') if l_0_version is missing else l_0_version))
    yield ' with these settings. This file loads nothing from anywhere.</summary>\n    <dl>\n'
    for (l_1_label, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        yield '<dt>'
        yield escape(l_1_label)
        yield '</dt><dd>'
        yield escape(l_1_value)
        yield '</dd>'
    l_1_label = l_1_value = missing
    yield '    </dl>\n  </details>\n</footer>\n\n<dialog id="help" aria-labelledby="help-title">\n  <h2 id="help-title">Keys</h2>\n  <dl>\n    <dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next, previous finding</dd>\n    <dt><kbd>Enter</kbd></dt><dd>read both places</dd>\n    <dt><kbd>/</kbd></dt><dd>search</dd>\n    <dt><kbd>Esc</kbd></dt><dd>one step back: comparison, search, filters, zoom</dd>\n    <dt><kbd>?</kbd></dt><dd>this list</dd>\n  </dl>\n  <form method="dialog"><button>Close</button></form>\n</dialog>\n\n{data}\n</body>\n</html>'

blocks = {}
debug_info = '5=30&9=32&10=34&11=38&17=40&23=42&24=51&26=53&27=57&32=63&35=66&38=74&40=77&41=79&44=89&47=95&49=97&54=99&60=101&61=104&62=107&70=111&74=114&75=118&76=122&77=126&78=130&84=136&88=139&89=143&90=145&98=164&110=166&111=170&112=174&129=178&133=181&155=190&157=192'
