"""Every Scrapy setting of ours, and why where it is not the default; first the picture of the flow.

spider ── request ──► DOWNLOADER_MIDDLEWARES, downwards ──► the wire
spider ◄── response ── DOWNLOADER_MIDDLEWARES, upwards ◄── the wire
spider ── capture ──► ITEM_PIPELINES ──► the store
"""

from __future__ import annotations

BOT_NAME = "pressclip"
SPIDER_MODULES = ["crawler.spiders"]
LOG_LEVEL = "WARNING"
LOG_FORMATTER = "crawler.wire.log_lines.AddressesOnly"

# What a request passes on its way down, in this order, and its response on the way up, from the last to
# the first. The guards are before each hop of a redirect, too, and before robots.txt and tdmrep.json.
DOWNLOADER_MIDDLEWARES = {
    "crawler.wire.slots.SlotMiddleware": 50,  # down: name the site, whose delay it waits for
    "crawler.wire.address_guard.AddressGuard": 60,  # down: nothing private is asked for
    "crawler.wire.tombstones.TombstoneGuard": 70,  # down: nor what was forgotten on demand
    "crawler.wire.robots_middleware.RobotsMiddleware": 100,  # down: nor what robots.txt refuses
    "crawler.wire.tdmrep.TdmrepMiddleware": 110,  # down: note what the site reserves from mining
    "crawler.wire.retry.PoliteRetryMiddleware": 550,  # up: what failed in passing, once more
    "crawler.wire.bodies.ShortRedirects": 600,  # up: follow a few redirects, none in a circle
    "crawler.wire.archive.ArchiveMiddleware": 990,  # up: archive it before anything looks at it
    "crawler.wire.bodies.WholeBodies": 995,  # up: no body that its headers do not describe
    # Scrapy's own that ours replace, or that decide what the frontier decides.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
}
# The stages of crawler/ingest/stages.py; judge and index follow at the end of the run.
ITEM_PIPELINES = {
    "crawler.spiders.pipelines.ArchiveStage": 100,  # number what is archived; skip the same bytes
    "crawler.spiders.pipelines.ReadStage": 200,  # in a worker: extract, judge, fingerprint
    "crawler.spiders.pipelines.RecordStage": 300,  # the article or the refusal into the store
}
SPIDER_MIDDLEWARES = {
    # Depth and status are decided by the frontier and the ledger.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
}
# Scrapy's own, without those that are off here: it would load them, and an HTTP server with them, at
# each start of a crawl.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.logstats.LogStats": 0,
}
EXTENSIONS = {
    "crawler.spiders.meanwhile.IndexMeanwhile": 110,  # search what has come in so far
    "crawler.wire.throttle.AdaptiveDelay": 100,  # a server that labours is asked less often
}

# Politeness: one request at a time to a registered domain, the delay between them never less than
# said, robots.txt by our own middleware (Scrapy's fails open on errors, and reads a 5xx as rules).
CONCURRENT_REQUESTS = 128  # sites at once, those included that wait for their delay
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0.0
AUTOTHROTTLE_ENABLED = False  # it speeds up on 429 (scrapy#4424)
ROBOTSTXT_OBEY = True
RETRY_TIMES = 2
REDIRECT_MAX_TIMES = 5

# The wire (defaults are made for scraping, not for the open web: Scrapy's security page).
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = (
    10 * 1024 * 1024
)  # Scrapy: 1 GiB; bombs: GHSA-7j7m-v7m3-jqm7, GHSA-2qfp-q593-8484
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True  # what is cut short is not a page
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy: False (docs/topics/security.rst)
DOWNLOAD_HANDLERS = {
    # No other scheme: a redirect to file: was GHSA-23j4-mw76-5v7h.
    "data": None, "file": None, "ftp": None, "s3": None, "https": "crawler.wire.tls.OutletHandler",
}  # fmt: skip
TWISTED_DNS_RESOLVER = "crawler.wire.address_guard.GuardedResolver"
DNS_TIMEOUT = 20
COOKIES_ENABLED = False  # leaks: GHSA-cjvr-mfj7-j4j8, GHSA-mfjm-vh54-3f96
# An outlet learns nothing of the list that led to it, and its own Referrer-Policy header, once run as
# an import path (GHSA-cwxj-rr6w-m6w7), is never looked at.
REFERRER_POLICY = "no-referrer"
METAREFRESH_ENABLED = False
TELNETCONSOLE_ENABLED = False  # Scrapy: True; whoever reaches the port runs code
REMOTE_CONTROL_ENABLED = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "*",
    # What warcio can undo, so that every reader of the archive can.
    "Accept-Encoding": "gzip, deflate, br",
}

# The frontier, not Scrapy, knows what was seen. A site has one request at a time, so there is nothing to
# spread over slots: of the sites that wait for a place the one with the best page comes first.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"

PRESSCLIP_ALLOW_PRIVATE = False
PRESSCLIP_PORTS: list[int] = []  # beside 80 and 443: of the URLs that a user names to look around
PRESSCLIP_INDEX_EVERY = 60.0  # seconds between updates of the index during a crawl; 0: at its end
PRESSCLIP_PROGRESS_EVERY = 60.0  # seconds between two lines that say how far a crawl is
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the ledger says it
