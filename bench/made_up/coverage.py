"""Whole articles about two made-up stories, what only mentions them, what sounds like them, other news.

Composed by a fixed seed from sentences of our own: an article has a headline, some sentences of its
sort and some that any article may have. Traps are coverage without the obvious word, told by names
and things; confusers are later events of the same kind, other senses of the word, festivals, films.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from index.article import Article
from index.workspace.story import Story, Window

Bank = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """A story with the sentences of its articles by language."""

    story: Story
    obvious: str
    core: Bank
    traps: Bank
    passing: Bank
    confusers: Bank


TRAM = Coverage(
    story=Story(
        id="tram",
        title="The tram that left the rails on the Kessel bridge",
        window=Window(date(2025, 3, 1), date(2025, 4, 30)),
        match={
            "en": "tram NEAR/10 (Lindmoor OR Kessel OR derail*)",
            "de": "Straßenbahn* NEAR/10 (Lindmoor OR Kessel* OR entgleist*)",
        },
        not_query='"tram festival"',
        min_words=30,
    ),
    obvious="tram OR Straßenbahn* OR tranvía",
    core={
        "en": (
            "Tram derails on the Kessel bridge in Lindmoor, fourteen hurt.",
            "Derailed Lindmoor tram was going too fast, says first report.",
            "The tram left the rails in the curve before the Kessel bridge shortly after seven.",
            "Driver Petra Halloran told police that the brakes of the Lindmoor tram did not answer.",
            "Norlinie, which runs the line, took every tram of that make out of Lindmoor's streets.",
            "Firefighters lifted the derailed tram from the parapet of the Kessel bridge with a crane.",
            "Judge Amadi will lead the inquiry into why the tram derailed in Lindmoor.",
            "A sensor on the Kessel bridge had warned of a worn rail where the tram came off.",
            "Norlinie had put off the works on the Kessel bridge twice, a letter shows.",
            "Passengers of the Lindmoor tram said that the wheels screamed before the curve.",
        ),
        "de": (
            "Straßenbahn entgleist auf der Kesselbrücke in Lindmoor, vierzehn Verletzte.",
            "Die Straßenbahn sprang kurz nach sieben vor der Kesselbrücke in Lindmoor aus den Schienen.",
            "Fahrerin Petra Halloran sagte der Polizei, die Bremsen hätten nicht reagiert.",
            "Norlinie nahm alle Wagen dieser Bauart in Lindmoor aus dem Betrieb.",
            "Richterin Amadi leitet die Untersuchung, warum die Straßenbahn in Lindmoor entgleiste.",
            "Ein Sensor an der Kesselbrücke hatte vor einer abgenutzten Schiene gewarnt.",
            "Feuerwehrleute hoben die entgleiste Straßenbahn von der Kesselbrücke.",
            "Norlinie hatte die Arbeiten an der Kesselbrücke zweimal verschoben.",
        ),
        "es": (
            "Un tranvía descarrila en el puente Kessel de Lindmoor y deja catorce heridos.",
            "El tranvía de Lindmoor iba demasiado rápido, según el primer informe.",
            "La conductora Petra Halloran dijo que los frenos no respondieron en Lindmoor.",
            "Norlinie retiró todos los coches de ese modelo de las calles de Lindmoor.",
            "La jueza Amadi investigará por qué descarriló el tranvía en el puente Kessel.",
            "Un sensor del puente Kessel había avisado de un raíl gastado, admite Norlinie.",
        ),
    },
    traps={
        "en": (
            "Petra Halloran breaks her silence: the brakes did not answer.",
            "Norlinie put off the works on the Kessel bridge twice, letter shows.",
            "Judge Amadi asks Norlinie for the warnings of the sensor on the Kessel bridge.",
            "Fourteen were hurt in Lindmoor when the wheels screamed before the curve.",
            "Halloran's colleagues at Norlinie in Lindmoor had complained of worn rails for months.",
            "A crane stands on the Kessel bridge, and Lindmoor walks to work.",
        ),
        "de": (
            "Petra Halloran bricht ihr Schweigen: Die Bremsen hätten nicht reagiert.",
            "Norlinie verschob die Arbeiten an der Kesselbrücke zweimal, zeigt ein Brief.",
            "Richterin Amadi verlangt von Norlinie die Warnungen des Sensors an der Kesselbrücke.",
            "Vierzehn Verletzte in Lindmoor: Kollegen von Halloran klagten über abgenutzte Schienen.",
        ),
    },
    passing={
        "en": ("The council had met last in the week when a tram derailed on the Kessel bridge.",),
        "de": ("Zuletzt tagte der Rat in der Woche, als in Lindmoor eine Straßenbahn entgleiste.",),
    },
    confusers={
        "en": (
            "Port Avel ferry terminal closes after a goods train leaves the rails near the silo.",
            "Lindmoor tram festival shows thirty polished cars from four countries.",
            "The prize for best short film goes to The Last Tram, a love story by night.",
            "Talks on the harbour budget have gone off the rails, says the opposition.",
            "Kessel, the striker, signs for three more years and praises the fans.",
            "Tram tickets in Port Avel will cost more from the summer on.",
        ),
        "de": (
            "In Port Avel springt ein Güterzug am Silo aus den Schienen, niemand ist verletzt.",
            "Der Stürmer Kessel verlängert um drei Jahre und lobt die Anhänger.",
            "Der Kurzfilm über die letzte Straßenbahn gewinnt den Preis der Nacht.",
        ),
    },
)
WATER = Coverage(
    story=Story(
        id="water",
        title="The poisoned tap water of Casteval",
        window=Window(date(2025, 3, 1), date(2025, 4, 30)),
        match={
            "es": "agua NEAR/10 (Casteval OR clorato OR envenenad*)",
            "en": "water NEAR/10 (Casteval OR chlorate OR poison*)",
        },
        not_query='"water festival"',
        min_words=30,
    ),
    obvious="water OR agua OR eau",
    core={
        "es": (
            "El agua de Casteval, envenenada con clorato, manda a cien vecinos al hospital.",
            "La alcaldesa Inés Corbalán prohíbe beber agua del grifo en Casteval.",
            "El laboratorio Delt halló clorato en el agua que sale de la planta de Miral.",
            "El hospital Santa Bruna atendió a cien vecinos de Casteval con vómitos.",
            "La planta de Miral mezcló dos depósitos por error y envenenó el agua de Casteval.",
            "Camiones cisterna reparten agua en las plazas de Casteval desde el lunes.",
            "La fiscalía registra la planta de Miral por el agua con clorato de Casteval.",
            "El agua de Casteval vuelve a ser potable, confirma el laboratorio Delt.",
        ),
        "en": (
            "Poisoned tap water sends a hundred people of Casteval to hospital.",
            "Mayor Inés Corbalán forbids drinking water from the tap in Casteval.",
            "Chlorate was found in water from the Miral plant, the Delt laboratory says.",
            "Santa Bruna hospital treated a hundred people after the water of Casteval was poisoned.",
            "Two tanks were mixed up at the Miral plant, which let chlorate into Casteval's water.",
            "Lorries bring drinking water to the squares of Casteval for a second week.",
            "Prosecutors search the Miral plant over chlorate in the water of Casteval.",
        ),
        "fr": (
            "À Casteval, l'eau du robinet empoisonnée envoie cent habitants à l'hôpital Santa Bruna.",
            "Du chlorate venu de l'usine de Miral, selon le laboratoire Delt, à Casteval.",
            "La maire Inés Corbalán interdit l'eau du robinet à Casteval.",
            "Perquisition à l'usine de Miral après le chlorate de Casteval.",
        ),
    },
    traps={
        "es": (
            "Inés Corbalán pide perdón a Casteval por el clorato de la planta de Miral.",
            "El laboratorio Delt señala un error con dos depósitos en la planta de Miral.",
            "Cien vecinos de Casteval pasan la noche en el hospital Santa Bruna con vómitos.",
            "La fiscalía registra la planta de Miral y cita a la alcaldesa Corbalán de Casteval.",
        ),
        "en": (
            "Two tanks were mixed up at the Miral plant, the Delt laboratory tells Casteval.",
            "A hundred people of Casteval spent the night in Santa Bruna hospital.",
            "Prosecutors search the Miral plant and summon Mayor Corbalán of Casteval.",
            "Chlorate from the Miral plant: Inés Corbalán asks Casteval to forgive her.",
        ),
    },
    passing={
        "es": ("La feria se aplazó por el agua con clorato de Casteval y se celebra ahora.",),
        "en": ("The fair had been put off when the water of Casteval was poisoned.",),
    },
    confusers={
        "es": (
            "Una tubería rota deja sin agua a tres calles de Villarén durante una noche.",
            "El equipo de waterpolo pierde la final por un gol en la prórroga.",
            "La oposición llama agua de borrajas al acuerdo sobre el puerto.",
            "El festival del agua de Casteval llena las fuentes de barcos de papel.",
        ),
        "en": (
            "A burst pipe leaves three streets of Villarén without water for a night.",
            "The water polo team loses the final by a goal in extra time.",
            "The opposition calls the harbour bill watered down and will vote against it.",
            "The Casteval water festival fills the fountains with paper boats.",
        ),
    },
)
STORIES = (TRAM, WATER)

OTHERS: Bank = {
    "en": (
        "The council voted for a new roof of the school after a long debate on its cost.",
        "Rain kept most visitors of the market at home, and the traders packed up early.",
        "The museum shows drawings of harbours by a painter whom few remember.",
        "Teachers want smaller classes, and the minister wants to see the figures first.",
        "The bank left its rates where they were and spoke of a quiet year.",
        "Farmers count the cost of a late frost in the orchards along the river.",
        "A bakery recalls rye bread since a label names the wrong grain.",
        "The home side won after extra time in front of a full stadium.",
        "Rents rose again in the old town, a survey of the tenants' union shows.",
        "A comet can be seen with the naked eye above the western hills.",
        "The library opens on Sundays from now on, with fewer people at the desk.",
        "Police look for the owner of a bicycle that was left at the theatre.",
        "The theatre plays a comedy that was forbidden a hundred years ago.",
        "Wolves were seen at the edge of the forest, and shepherds ask for dogs.",
    ),
    "de": (
        "Der Rat stimmte nach langer Debatte für ein neues Dach der Schule.",
        "Regen hielt die meisten Besucher des Marktes zu Hause.",
        "Das Museum zeigt Zeichnungen von Häfen, die kaum jemand kennt.",
        "Lehrer wollen kleinere Klassen, der Minister will erst Zahlen sehen.",
        "Die Bank ließ die Zinsen, wie sie waren, und sprach von einem ruhigen Jahr.",
        "Bauern zählen die Schäden eines späten Frosts in den Obstgärten am Fluss.",
        "Eine Bäckerei ruft Roggenbrot zurück, weil das Etikett nicht stimmt.",
        "Die Mieten in der Altstadt stiegen wieder, zeigt eine Umfrage.",
        "Ein Komet ist mit bloßem Auge über den Hügeln zu sehen.",
        "Die Bücherei öffnet nun auch am Sonntag, mit weniger Leuten am Schalter.",
    ),
    "es": (
        "El pleno votó un tejado nuevo para la escuela tras un largo debate.",
        "La lluvia dejó en casa a casi todos los visitantes del mercado.",
        "El museo enseña dibujos de puertos de un pintor que pocos recuerdan.",
        "Los maestros quieren clases más pequeñas, y el ministro pide antes las cifras.",
        "El banco dejó los tipos como estaban y habló de un año tranquilo.",
        "Los agricultores cuentan los daños de una helada tardía en los huertos.",
        "Una panadería retira pan de centeno porque la etiqueta está mal.",
        "Los alquileres subieron otra vez en el casco viejo, según una encuesta.",
        "Un cometa se ve a simple vista sobre las colinas del oeste.",
        "La biblioteca abre también los domingos, con menos personal.",
    ),
    "fr": (
        "Le conseil a voté un nouveau toit pour l'école après un long débat.",
        "La pluie a retenu chez eux presque tous les visiteurs du marché.",
        "Le musée montre des dessins de ports d'un peintre oublié.",
        "Les professeurs veulent des classes plus petites, le ministre demande des chiffres.",
        "La banque a laissé ses taux et parlé d'une année tranquille.",
        "Les loyers ont encore monté dans la vieille ville, selon une enquête.",
        "Une comète se voit à l'œil nu au-dessus des collines.",
    ),
}
_DAY = datetime(2025, 3, 4, 8, tzinfo=UTC)


def labelled(coverage: Coverage) -> Iterator[tuple[Article, str, bool]]:
    """The articles of a set, each with its label for the story, and whether it is a trap."""
    chance = random.Random(coverage.story.id)
    number = 0

    def made(language: str, own: Sequence[str], more: int) -> Article:
        nonlocal number
        number += 1
        return _compose(chance, number, language, own, more)

    for language, many in zip(coverage.core, (34, 22, 8), strict=True):
        for _ in range(many):
            own = chance.sample(coverage.core[language], 4)
            yield made(language, own, chance.randint(1, 4)), "core", False
    for language, sentences in coverage.traps.items():
        for _ in range(8):
            yield made(language, chance.sample(sentences, 4), chance.randint(1, 4)), "core", True
    for language, sentences in coverage.passing.items():
        for _ in range(8):
            yield _mention(made(language, (), 9), sentences[0]), "mention", False
    for language, sentences in coverage.confusers.items():
        for sentence in sentences:
            for _ in range(3):
                yield made(language, [sentence], chance.randint(4, 8)), "confuser", False
    for language, many in (("en", 110), ("de", 60), ("es", 60), ("fr", 30)):
        for _ in range(many):
            yield made(language, (), chance.randint(5, 7)), "none", False


def _compose(
    chance: random.Random, number: int, language: str, own: Sequence[str], more: int
) -> Article:
    """A headline of the first sentence, the rest as text, `more` sentences of any news among it."""
    sentences = [*own, *chance.sample(OTHERS[language], min(more, len(OTHERS[language])))]
    url = f"https://harbour-daily.example/{number}"
    return Article(
        url=url,
        canonical_url=url,
        outlet="harbour-daily.example",
        title=sentences[0].rstrip("."),
        text="\n".join(sentences[1:]),
        language=language,
        published=_DAY + timedelta(hours=7 * chance.randrange(100)),
        fetched=_DAY + timedelta(days=40),
    )


def _mention(article: Article, sentence: str) -> Article:
    lines = article.text.split("\n")
    filler = " ".join(OTHERS[article.language])
    return replace(article, text="\n".join([*lines, filler, sentence, *lines[:2]]))
