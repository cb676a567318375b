"""Focus against mention: clauses that only recall, and pages that list many topics.

Clauses such as "days after …", "amid …", "since the …" recall what happened before. A headline's own
event is in the main clause; what a lead brings its reader up to date with is in such a clause.
Patterns are of newswire usage in the languages of our queries; a language without one has no such
clause, and nothing is lost by it but the doubt.
"""

from __future__ import annotations

import re

_NUMBER = {
    "en": r"(?:a|an|one|two|three|four|five|six|several|some|many|just|few|\d+)",
    "fr": r"(?:un|une|deux|trois|quatre|cinq|six|quelques|plusieurs|\d+)",
    "de": r"(?:ein|eine|einen|einem|zwei|drei|vier|fünf|sechs|wenige|einige|mehrere|\d+)",
    "es": r"(?:un|una|dos|tres|cuatro|cinco|seis|pocos|pocas|varios|varias|\d+)",
    "pt": r"(?:um|uma|dois|duas|três|quatro|cinco|seis|poucos|poucas|vários|várias|\d+)",
    "it": r"(?:un|una|due|tre|quattro|cinque|sei|pochi|poche|alcuni|alcune|\d+)",
    "nl": r"(?:een|twee|drie|vier|vijf|zes|enkele|paar|\d+)",
    "pl": r"(?:dwa|dwie|trzy|cztery|pięć|sześć|kilka|parę|\d+)",
    "ru": r"(?:два|две|три|четыре|пять|шесть|несколько|\d+)",
    "uk": r"(?:два|дві|три|чотири|п.ять|шість|кілька|декілька|\d+)",
    "tr": r"(?:bir|iki|üç|dört|beş|altı|birkaç|\d+)",
}
_REST = r"[^.,;:!?\n—–،]*"  # to the next sign

_CLAUSES = {
    "en": (
        rf"(?:{_NUMBER['en']}\s+)?(?:hours?|days?|weeks?|months?|years?)\s+(?:after|before|since){_REST}",
        rf"\b(?:amid|in the wake of|on the heels of|in the aftermath of|in light of){_REST}",
        rf"\b(?:ever )?since (?:a|an|the|its|his|her|their|last)\b{_REST}",
        rf"\b(?:recent|last week['’]s|last month['’]s|last year['’]s)\s{_REST}",
        rf"\b(?:following|after) (?:last|the recent|recent|a recent|weeks of|days of|months of){_REST}",
        rf"\b(?:who|which|that) (?:was|were|had)\b{_REST}\b(?:ago|earlier|last (?:week|month|year)){_REST}",
    ),
    "fr": (
        rf"{_NUMBER['fr']}\s+(?:heures?|jours?|semaines?|mois|ans?)\s+(?:après|avant|plus tôt){_REST}",
        rf"\b(?:sur fond|dans la foulée|dans le sillage|au lendemain) d[eu’']{_REST}",
        rf"\ben pleine? {_REST}",
        rf"\bdepuis (?:l[ea’']|un|une|son|sa)\s*{_REST}",
    ),
    "de": (
        rf"{_NUMBER['de']}\s+(?:Stunden?|Tagen?|Tage|Wochen?|Monaten?|Monate|Jahren?|Jahre)\s+(?:nach|vor){_REST}",
        rf"\b(?:vor dem Hintergrund|inmitten|im Zuge|infolge){_REST}",
        rf"\bseit (?:dem|der|einem|einer)\s{_REST}",
    ),
    "es": (
        rf"{_NUMBER['es']}\s+(?:horas?|días?|semanas?|mes(?:es)?|años?)\s+(?:después|antes|tras){_REST}",
        rf"\b(?:en medio de|a raíz de|en plena?|al calor de|con motivo de){_REST}",
        rf"\bdesde (?:el|la|que|un|una)\s{_REST}",
    ),
    "pt": (
        rf"{_NUMBER['pt']}\s+(?:horas?|dias?|semanas?|mês|meses|anos?)\s+(?:depois|após|antes){_REST}",
        rf"\b(?:em meio a|na sequência d[aeo]|em plena?|no rescaldo d[aeo]){_REST}",
        rf"\bdesde (?:o|a|que|um|uma)\s{_REST}",
    ),
    "it": (
        rf"{_NUMBER['it']}\s+(?:ore|ora|giorni|giorno|settiman[ae]|mes[ei]|ann[io])\s+(?:dopo|prima|fa){_REST}",
        rf"\b(?:sullo sfondo d|in seguito a|all['’]indomani d|nel mezzo d){_REST}",
        rf"\bda(?:l|lla|ll['’]|i|gli|lle) {_REST}\bscors[oa]\b{_REST}",
    ),
    "nl": (
        rf"{_NUMBER['nl']}\s+(?:uur|dagen|dag|weken|week|maanden|maand|jaar)\s+(?:na|voor|geleden){_REST}",
        rf"\b(?:te midden van|in de nasleep van|naar aanleiding van){_REST}",
        rf"\bsinds (?:de|het|een)\s{_REST}",
    ),
    "pl": (
        rf"{_NUMBER['pl']}\s+(?:godzin\w*|dni|dzień|tygodni\w*|miesi\w+|lat\w*)\s+(?:po|przed|od){_REST}",
        rf"\b(?:w związku z|w następstwie|na tle|w cieniu|pośród){_REST}",
        rf"\b(?:dzień|tydzień|miesiąc|rok) po\s{_REST}",
    ),
    "ru": (
        rf"{_NUMBER['ru']}\s+(?:час\w*|дн\w+|день|недел\w+|месяц\w*|лет|год\w*)\s+(?:после|до|спустя|назад){_REST}",
        rf"\b(?:на фоне|вслед за|в связи с|спустя){_REST}",
        rf"\b(?:через|спустя)\s+\w+(?:\s+\w+)?\s+после{_REST}",
    ),
    "uk": (
        rf"{_NUMBER['uk']}\s+(?:годин\w*|дн\w+|день|тижн\w+|місяц\w*|рок\w*|років)\s+(?:після|до|тому){_REST}",
        rf"\b(?:на тлі|унаслідок|у зв.язку з|через\s+\w+\s+після){_REST}",
    ),
    "tr": (
        r"[^.,;:!?\n]*\b(?:sonrasında|ardından|gölgesinde|sürerken)\b",
        rf"[^.,;:!?\n]*\b{_NUMBER['tr']}\s+(?:saat|gün|hafta|ay|yıl)\s+(?:sonra|önce)\b",
    ),
    "zh": (
        r"[^。，；！？\n]*(?:之际|背景下|数天后|几天后|[一二两三四五六七八九十\d]+(?:天|日|周|个?月)(?:之)?后|以来)",
        r"继[^。，；！？\n]*(?:之后|后)",
    ),
    "ja": (
        r"[^。、！？\n]*(?:さなか|最中|背景に|[一二三四五六七八九十\d]+(?:日|週間|か月|カ月)後|以来)",
        r"[^。、！？\n]*(?:を受け|に続き)",
    ),
    "ar": (
        rf"(?:بعد|قبل)\s+(?:\d+\s+)?(?:أيام|يوم|يومين|أسبوع|أسبوعين|أسابيع|شهر|أشهر|ساعات){_REST}",
        rf"(?:في ظل|على خلفية|في أعقاب|وسط)\s{_REST}",
    ),
}
_DIGEST = re.compile(
    r"\b(?:(?:morning|evening|daily|weekend|\w+day) (?:briefing|report|brief|digest)|newsletter|round-?up"
    r"|recap|week in (?:review|pictures)|in brief|news quiz|things to know|what to know today"
    r"|what you need to know today|today['’]s (?:headlines|top stories)|top stories|year in review"
    r"|revue de presse|l['’]essentiel (?:de|du)|infolettre|en bref|récap\w*|résumé de la (?:semaine|journée)"
    r"|ce qu['’]il faut retenir de la (?:semaine|journée)"
    r"|nachrichten am (?:morgen|abend|mittag)|nachrichtenüberblick|wochenrückblick|das wichtigste (?:am|vom)"
    r"|tagesüberblick|morgenlage|kurz gemeldet|presseschau"
    r"|bolet[ií]n|las claves del d[ií]a|resumen (?:de la semana|del d[ií]a|semanal)"
    r"|lo m[áa]s (?:visto|destacado)"
    r"|resumo (?:da semana|do dia)|destaques do dia|rassegna stampa|in breve|notizie del giorno"
    r"|nieuwsoverzicht|weekoverzicht|przegląd (?:prasy|tygodnia|dnia)|skrót dnia"
    r"|итоги (?:дня|недели)|главное (?:за|к)|дайджест|підсумки (?:дня|тижня)|günün özeti)\b"
    r"|早报|晚报|一周(?:回顾|要闻)|要闻(?:速览|汇总)|新闻(?:早|晚)餐|まとめ|今日の(?:主な)?ニュース"
    r"|نشرة|أبرز الأخبار",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?:^|[.!?]\s+)(?:also|plus|aussi|auch|también|tamb[eé]m|anche|ook)[,:]|(?:•|·|\|)[^•·|]{12,}(?:•|·|\|)",
    re.IGNORECASE,
)
_FOUND = {
    language: re.compile("|".join(f"(?:{clause})" for clause in clauses), re.IGNORECASE)
    for language, clauses in _CLAUSES.items()
}


def without_background(text: str, language: str) -> str:
    """The text with blanks for its background clauses (ISO 639-1), places kept; the same if none."""
    known = _FOUND.get(language)
    return known.sub(lambda found: " " * len(found[0]), text) if known and text else text


def is_digest(title: str, lead: str) -> bool:
    """Whether a headline or a lead says that the page lists many topics: a digest, a newsletter, a recap."""
    return bool(_DIGEST.search(title) or _LISTED.search(lead) or _DIGEST.search(lead[:160]))
