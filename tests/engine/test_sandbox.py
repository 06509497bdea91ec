"""Templates from strangers: each of these ends, soon, with one clear line."""

import threading
import time

import pytest

from tenth.engine.template import ChatTemplate

MESSAGES = [{"role": "user", "content": "hi"}]


def render(source: str) -> str:
    return ChatTemplate({"default": source}, {}, "folder").render(MESSAGES)


ENDLESS = {
    "nested loops": "{% for a in range(99999) %}{% for b in range(99999) %}"
    "{% endfor %}{% endfor %}",
    "a loop with a test": "{% for a in range(99999) %}{% for b in range(99999) if 0 %}"
    "{% endfor %}{% endfor %}",
    "recursive loops": "{% for a in [[[]]] * 99 recursive %}{{ loop([a] * 99) }}{% endfor %}",
    "macros": "{% macro k(n) %}{% if n %}{{ k(n - 1) }}{{ k(n - 1) }}{% endif %}{% endmacro %}"
    "{{ k(60) }}",
    "filters": "{% for a in range(99999) %}{% set x = range(99999) | list | length %}{% endfor %}",
    "comparisons": "{% set ns = namespace(a=[1], b=[1]) %}{% for i in range(99) %}"
    "{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}{{ ns.a == ns.b }}",
}  # fmt: skip
HUGE = {
    "a range": "{% for i in range(10**9) %}{% endfor %}",
    "a repeated text": "{{ 'x' * 10**9 }}",
    "a repeated list": "{{ [1] * 10**9 }}",
    "a repeated tuple": "{{ 10**9 * (1, 2) }}",
    "a power": "{{ 10 ** (10 ** 10) }}",
    "a number that is squared": "{% set ns = namespace(x=2) %}{% for i in range(99) %}"
    "{% set ns.x = ns.x * ns.x %}{% endfor %}",
    "a doubled text": "{% set ns = namespace(x='a') %}{% for i in range(99) %}"
    "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "an added text": "{% set ns = namespace(x='a') %}{% for i in range(99) %}"
    "{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "a list of itself": "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}"
    "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
    "a dictionary of itself": "{% set ns = namespace(x={}) %}{% for i in range(99) %}"
    "{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}{{ ns.x | tojson }}",
    "dict()": "{% set ns = namespace(x=1) %}{% for i in range(99) %}"
    "{% set ns.x = dict(a=ns.x, b=ns.x) %}{% endfor %}",
    "arguments of macros": "{% macro m() %}{{ m(varargs, varargs) }}{% endmacro %}{{ m(1) }}",
    "a macro in itself": "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}",
    "center": "{{ 'x'.center(10**9) }}",
    "center, a filter": "{{ 'x' | center(10**9) }}",
    "indent": "{{ 'x' | indent(10**9) }}",
    "indent of many lines": "{{ ('\n' * 99999) | indent(9999) }}",
    "indent with a text": "{{ ('\n' * 99999) | indent('x' * 9999) }}",
    "rounding": "{{ 1.5 | round(10**9, 'ceil') }}",
    "a number in hexadecimal": "{{ ('f' * 9999) | int(0, 16) }}",
    "separators of json": "{{ ([1] * 9999) | tojson(separators=['x' * 9999, ':']) }}",
    "indentation of json": "{% set ns = namespace(x=[1] * 9) %}{% for i in range(99) %}"
    "{% set ns.x = [ns.x] %}{% endfor %}{{ ([ns.x] * 99) | tojson(indent=9999) }}",
    "split": "{{ ('a ' * 999999).split() }}",
    "split at a letter": "{{ ('a' * 999999).split('a') }}",
    "splitlines": "{{ ('\r' * 999999).splitlines() }}",
    "tags": "{{ ('<!---->' * 99999) | striptags }}",
    "tags of escaped text": "{{ ('a' | e).striptags() }}",
    "many wide formats": "{{ ('{:9999}' * 9999).format(*([1] * 9999)) }}",
    "many wide formats, in C's way": "{{ ('%9999d' * 9999) % ((1,) * 9999) }}",
    "json": "{{ {'a': 1} | tojson(indent=10**9) }}",
    "expandtabs": "{{ ('\t' * 9999).expandtabs(9999) }}",
    "expandtabs by name": "{{ ('\t' * 9999).expandtabs(tabsize=9999) }}",
    "zfill": "{{ '1'.zfill(10**9) }}",
    "a format": "{{ '%1000000000d' % 1 }}",
    "a format with a star": "{{ '%*d' % (10**9, 1) }}",
    "a format, a filter": "{{ '%1000000000d' | format(1) }}",
    "str.format": "{{ '{:1000000000}'.format(1) }}",
    "str.format, nested": "{{ '{:{}}'.format(1, 10**9) }}",
    "str.format_map": "{{ '{a:1000000000}'.format_map({'a': 1}) }}",
    "str.format by name": "{{ ('{:1000000000}'|attr('format'))(1) }}",
    "many formats": "{{ ('{0}' * 9999).format('x' * 9999) }}",
    "replace": "{{ ('a' * 9999).replace('a', 'b' * 9999) }}",
    "replace of nothing": "{{ ('a' * 9999) | replace('', 'b' * 9999) }}",
    "join": "{{ ('a' * 9999).join('b' * 9999) }}",
    "join, a filter": "{{ ('b' * 9999) | join('a' * 9999) }}",
    "join of a generator": "{{ range(99999) | map('string') | map('center', 9999) | join }}",
    "a list of a generator": "{{ range(99999) | map('string') | map('center', 9999) | list }}",
    "a sum": "{{ ([[1] * 9999] * 99) | sum(start=[]) }}",
    "translate": "{{ ('a' * 9999).translate({97: 'b' * 9999}) }}",
    "bytes": "{{ (1).to_bytes(10**9) }}",
    "output": "{% for i in range(99999) %}" + "x" * 9999 + "{% endfor %}",
    "output of a value": "{% set x = 'x' * 9999 %}{% for i in range(99999) %}{{ x }}{% endfor %}",
    "a block": "{% set x %}{% for i in range(99999) %}" + "x" * 999 + "{% endfor %}{% endset %}",
    "strftime": "{{ strftime_now('%9999999d') }}",
    "lipsum": "{{ lipsum(10**6) }}",
}  # fmt: skip
ESCAPES = {
    "a class": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals": "{{ cycler.__init__.__globals__.os.system('true') }}",
    "a macro's": "{% macro m() %}{% endmacro %}{{ m.__call__.__globals__['x'] }}",
    "a format's": "{{ '{0.__class__.__mro__}'.format('').x.y }}",
    "an exception's": "{{ raise_exception.__globals__.x }}",
    "a namespace's": "{% set ns = namespace() %}{% set ns.__class__ = 1 %}",
    "a namespace's at once": "{{ namespace(_x=1) }}",
    "the context": "{{ self._TemplateReference__context.environment }}",
    "changing messages": "{{ messages.append(1) }}",
    "changing a message": "{{ messages[0].update({'role': 'system'}) }}",
    "a file": "{% include '/etc/passwd' %}",
    "an import": "{% import 'os' as os %}",
    "a parent": "{% extends 'x' %}",
    "a line's end": "{{ raise_exception('a\nb') }}",
    "a value that is not there": "{{ nothing.at.all }}",
    "a wrong type": "{{ 1 + 'a' }}",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_template_is_stopped(name):
    start = time.thread_time()
    with pytest.raises(
        ValueError, match=r"chat template fails: (it runs|it calls|a value|its values)"
    ):
        render(ENDLESS[name])
    assert time.thread_time() - start < 20


@pytest.mark.parametrize("name", HUGE)
def test_a_template_that_wants_much_memory_is_stopped_before_it_has_it(name):
    start = time.thread_time()
    with pytest.raises(ValueError, match=r"folder: the chat template (fails|does not)") as caught:
        render(HUGE[name])
    assert time.thread_time() - start < 10 and "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ESCAPES)
def test_a_template_stays_in_its_sandbox(name):
    with pytest.raises(ValueError, match=r"folder: the chat template fails: .") as caught:
        render(ESCAPES[name])
    assert "\n" not in str(caught.value)


def test_an_honest_template_uses_what_is_bounded():
    source = (
        "{{ 'a' * 3 }}{{ [1] + [2] }}{{ 2 ** 3 }}{{ '%s-%03d' % ('x', 7) }}{{ '{:>3}'.format(1) }}"
        "{{ 'a-b'.replace('-', '+') }}{{ ' | '.join(['a', 'b'] | map('upper')) }}"
        "{{ [1, 2] | join(',') }}"
        "{{ [{'a': 1}, {'a': 2}] | sum('a') }}{{ 'x' | indent(2, true) }}{{ (1, 2) }}"
        "{{ messages | map(attribute='content') | join }}{{ namespace(a=1).a }}{{ dict(a=1) }}"
        "{{ [1, 2, 3] | batch(2) | list }}{{ '%s' | format('y') }}{{ {'b': 1} | tojson(indent=1) }}"
    )
    assert render(source) == (
        "aaa[1, 2]8x-007  1a+bA | B1,23  x(1, 2)hi1{'a': 1}[[1, 2], [3]]y{\n \"b\": 1\n}"
    )


def test_a_long_conversation_is_well_within_the_bounds():
    source = "{% for m in messages %}{{ '<' + m.role + '>' + m.content | trim }}{% endfor %}"
    messages = [{"role": "user", "content": "word " * 200}] * 2000
    assert len(ChatTemplate({"default": source}, {}, "t").render(messages)) > 2_000_000


def test_threads_do_not_share_a_clock():
    template = ChatTemplate({"default": "{{ messages[0].content }}"}, {}, "t")
    texts: list[str] = []

    def work(text: str) -> None:
        texts.extend(template.render([{"role": "user", "content": text}]) for _ in range(50))

    threads = [threading.Thread(target=work, args=(f"<{i}>",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(texts) == sorted(f"<{i}>" for i in range(4) for _ in range(50))
