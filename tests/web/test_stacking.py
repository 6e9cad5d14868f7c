"""Tables that become blocks on a narrow screen: each data cell says its column."""

from __future__ import annotations

from markupsafe import Markup

from funding_app.web.responsive_tables import stacked

TABLE = """<table class="plain"><thead><tr><th scope="col">Fall</th>
<th scope="col" class="number">Betrag<br><span>in &lt;Euro&gt; &amp; Cent</span></th>
<th scope="col"><span class="kern-sr-only">Schritt</span></th></tr></thead>
<tbody><tr><th scope="rowgroup" colspan="3">Gruppe</th></tr>
<tr><th scope="row">A</th><td class="number">1 &amp; 2</td><td><a href="/">Weiter</a></td></tr>
<tr><td>B</td><td></td></tr></tbody></table>"""


def test_each_data_cell_says_its_column() -> None:
    made = str(stacked(Markup(TABLE)))
    assert made.startswith('<table class="stacked plain"><thead>')
    label = 'data-label="Betrag in &lt;Euro&gt; &amp; Cent"'
    assert f'<th scope="row">A</th><td {label} class="number">1 &amp; 2</td>' in made
    assert '<td><a href="/">Weiter</a></td>' in made  # its heading is for screen readers alone
    assert f'<td data-label="Fall">B</td><td {label}></td>' in made
    assert made.count("data-label") == 3


def test_what_is_in_the_cells_stays() -> None:
    made = stacked(Markup(TABLE))
    assert made.striptags() == Markup(TABLE).striptags()
