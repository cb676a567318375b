"""Query parameters that are no part of a page's address: who sent the reader, and how.

Kept by hand from the rules of ClearURLs (data.min.json), AdGuard (TrackParamFilter), Mozilla's
query-stripping records, Matomo's and Google's campaign documentation, and from the feeds of
some 150 newsrooms. A parameter that names an article anywhere (`p`, `v`, `id`, `story`,
`article`, `page`, `lang`) must never come in here.
"""

from __future__ import annotations

import re

# Families of one vendor or tool: every name that starts so is tracking.
_PREFIXES = (
    "utm_",  # Google Analytics, and nearly everybody since
    "pk_", "mtm_", "matomo_", "piwik_",  # Matomo
    "at_",  # AT Internet (BBC, France Télévisions, RFI)
    "ns_",  # Comscore
    "hsa_", "_hs", "__hs",  # HubSpot
    "itm_", "stm_", "int_",  # internal campaigns
    "oly_", "vero_", "mc_", "ml_subscriber", "trk_", "bsft_",  # newsletters
    "fb_action_", "fb_source", "fb_ref", "_branch_", "guce_referrer", "gaa_", "amp_js_",
    "aspsessionid",
)  # fmt: skip

_CLICKS_AND_CAMPAIGNS = """
.tsrc __amp_source_origin __source __tn__ __twitter_impression _amp _ga _gl _kx _openstat adfrom
adid akid amp_gsa campaign_id cm_cat cm_ite cm_mmc cm_pla cm_ven cmp cmpid cvid dclid dicbo epik
fbclid feedname feedtype ftag ftcamp gad_campaignid gad_source gbraid gclid gclsrc guccounter
hsctatracking icid igsh igshid iid intcid irclickid iref irgwc isappinstalled ito leadsource
li_fat_id lmd_source mbid mibextid mkt_tok mkwid msclkid n_cid ncid oborigurl ocid
outbrainclickid rb_clickid ref_src ref_url rss_ref s_cid sc_cid scm sfnsn share_id share_token
share_type shared_via sharetoken sharetype smid smprod smtyp soc_src soc_trk socialreferer spm
sref srnd taid tblci tsrc ttclid twclid usqp wbraid wfr wickedid wt.mc_id wt_mc wt_zmc xtor
xtref yclid ysclid zanpid
"""
_NAMES = frozenset(_CLICKS_AND_CAMPAIGNS.split())

# Names that carry an identity on one site and a referrer on another: a number is an identity.
_REFERRERS = frozenset(
    {
        "ref",
        "refer",
        "referer",
        "referrer",
        "source",
        "src",
        "from",
        "via",
        "origin",
        "campaign",
        "medium",
        "utm",
        "xid",
        "kref",
    }
)

# The same words mean other things elsewhere, so these hold on one site only.
_OF_SITE = {
    "afpbb.com": frozenset({"pid", "cx_part", "cx_position"}),  # picks a picture of the article
    "asahi.com": frozenset({"ref"}),
    "baidu.com": frozenset({"for", "isdistribution"}),
    "bloomberg.com": frozenset({"embedded-checkout"}),
    "docomo.ne.jp": frozenset({"fm", "utm"}),
    "nytimes.com": frozenset(
        {"te", "nl", "emc", "instance_id", "segment_id", "user_id", "regi_id", "partner", "rref"}
    ),
    "reuters.com": frozenset({"il", "rpc"}),
    "spiegel.de": frozenset({"sara_ref", "sara_ecid"}),
    "washingtonpost.com": frozenset({"itid", "arc404", "pwapi_token"}),
    "wsj.com": frozenset({"mod", "tesla", "reflink", "st"}),
    "yahoo.com": frozenset({"chat", "nf"}),
}

_FORMS = frozenset({"amp", "print", "printable"})
_FORM_NAMES = frozenset(
    {"output", "outputtype", "view", "format", "mode", "type", "tpl", "template"}
)
_FORM_SWITCHES = frozenset({"amp", "isamp", "print", "printable", "printview", "printmode"})
_SESSIONS = frozenset({"jsessionid", "phpsessid", "cfid", "cftoken"})
_SESSION_VALUE = re.compile(r"[0-9a-fA-F]{32}")


def is_tracking(name: str) -> bool:
    """Whether a parameter (name in lower case) only says who sent the reader, on any site."""
    return name in _NAMES or name.startswith(_PREFIXES)


def is_no_identity(name: str, value: str, domain: str) -> bool:
    """Whether a parameter may be left out of an article's identity on the registered `domain`.

    Beside tracking: referrers, AMP and print forms, session numbers, and words of that site.
    """
    return (
        is_tracking(name)
        or (name in _REFERRERS and not value.isdigit())
        or name in _OF_SITE.get(domain, ())
        or _is_form(name, value.lower())
        or name in _SESSIONS
        or (name in ("sid", "s") and _SESSION_VALUE.fullmatch(value) is not None)
    )


def _is_form(name: str, value: str) -> bool:
    if name in _FORM_SWITCHES:
        return value in ("", "1", "true", "yes", "y", "amp", "html")
    return name in _FORM_NAMES and value in _FORMS
