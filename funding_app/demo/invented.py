"""Invented names and titles for synthetic cases: none of them is anybody's."""

from __future__ import annotations

from random import Random

CITIES = (
    "Aachen Augsburg Bamberg Bielefeld Bochum Bremen Chemnitz Cottbus Dresden Erfurt Essen "
    "Flensburg Freiburg Gera Görlitz Halle Hamm Hildesheim Ingolstadt Jena Kassel Kiel Koblenz "
    "Leipzig Lübeck Magdeburg Mainz Marburg München Münster Nürnberg Oldenburg Passau Potsdam "
    "Regensburg Rostock Saarbrücken Schwerin Siegen Stralsund Trier Ulm Weimar Wismar Würzburg"
).split()
ROOTS = (
    "Bürger Nachbarschafts Stadtteil Klima Gemeinwohl Jugend Pflege Teilhabe Umwelt Inklusions "
    "Quartiers Bildungs Generationen Ehrenamts Kultur Verbraucher Mobilitäts Wald"
).split()
ENDINGS = "werkstatt netz labor haus kreis initiative forum büro bündnis".split()
LEGAL_FORMS = ("e. V.", "gGmbH", "eG", "Stiftung")
ACTIONS = (
    "Offene Daten für",
    "Sprachassistenz für",
    "Frühwarnung für",
    "Bilderkennung für",
    "Einfache Sprache für",
    "Lernende Karten für",
    "Gemeinsam gestaltete KI für",
    "Barrierefreie Auskunft für",
    "Erklärbare Empfehlungen für",
)
CAUSES = (
    "den Stadtbaum",
    "pflegende Angehörige",
    "Menschen in der Wohnungslosenhilfe",
    "den Nahverkehr auf dem Land",
    "Schulen in freier Trägerschaft",
    "das Ehrenamt",
    "sauberes Wasser",
    "die Tafeln",
    "gehörlose Menschen",
    "den Moorschutz",
    "die Schuldnerberatung",
    "Reparaturcafés",
    "den Katastrophenschutz",
    "junge Auszubildende",
)
FIRST_NAMES = (
    "Ada Alma Anton Bela Carla Emil Fatma Femke Greta Hakan Ida Ilja Jonte Jule Karim Lale Levi "
    "Mila Nele Noah Oskar Pia Rami Romy Selin Smilla Theo Tilda Veli Wanda Yara Zoe"
).split()
LAST_NAMES = (
    "Ackerbaum Birkenfels Dornkamp Eschenried Fichtenau Grünstein Haselweg Iltisbach Jordansee "
    "Kranichfeld Lindental Moosbrink Nebelhorst Ostermoor Pappelheim Quellgrund Rabenstieg "
    "Schilfmeer Tannwald Uferlos Vogelsang Weidenhof Zaunkönig"
).split()
SUMMARY = "Ehrenamtliche erproben gemeinsam mit Fachleuten ein offenes Werkzeug"


def organisation(random: Random) -> tuple[str, str, str]:
    """The name, legal form and city of an applicant."""
    city, form = random.choice(CITIES), random.choice(LEGAL_FORMS)
    return f"{random.choice(ROOTS)}{random.choice(ENDINGS)} {city} {form}", form, city


def person(random: Random) -> str:
    """A first and last name."""
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"


def project(random: Random) -> tuple[str, str]:
    """The title and a short summary of a project."""
    cause, city = random.choice(CAUSES), random.choice(CITIES)
    title = f"{random.choice(ACTIONS)} {cause}"
    if random.random() < 0.6:
        title = f"{title} in {city}"
    return title, f"{SUMMARY} für {cause} in {city}."
