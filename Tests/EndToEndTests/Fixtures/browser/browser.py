"""Real pages in Chromium that send to a relay: one scenario a run, what was seen as one JSON object on standard output.

    browser.py SCENARIO RELAY_PORT [ARGUMENT]

The pages are those of https://shop.example and https://shop.example/…; the relay is https://t.shop.example:RELAY_PORT, a
host of the same site, over TLS with a certificate that only this browser trusts.
"""
import http.server
import json
import os
import sys
import threading
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("RELAIS_CHROMIUM", "/usr/lib/chromium/chromium")
SITE = "https://shop.example"
STUB = "window.relais=window.relais||function(){(relais.q=relais.q||[]).push(arguments)};"
GRANT = """relais('consent', 'update', {ad_storage: 'granted', analytics_storage: 'granted', ad_user_data: 'granted',
  ad_personalization: 'granted'});"""
PURCHASE = """{transaction_id: 'T-1', value: 25.5, currency: 'EUR',
  items: [{item_id: 'SKU_1', item_name: 'Mug', price: 12.75, quantity: 2}]}"""


class Scene:
    """One browser profile, and the requests that reached the relay's host or did not."""

    def __init__(self, browser, port):
        self.relay = f"https://t.shop.example:{port}"
        self.pages = {}
        self.sent = []
        self.answers = []
        self.context = browser.new_context(ignore_https_errors=True, locale="fr-FR")
        self.context.route(f"{SITE}/**", self.serve)
        self.context.on("request", self.note)
        self.context.on("response", lambda answer: self.answers.append((answer.request.url, answer.status)))

    def serve(self, route):
        path = route.request.url.removeprefix(SITE).split("?")[0]
        route.fulfill(content_type="text/html; charset=utf-8", body=self.pages.get(path, self.pages.get("/", "")))

    def note(self, request):
        if request.url.startswith(self.relay) and request.method == "POST":
            self.sent += [json.loads(request.post_data)] if (request.post_data or "").startswith("[") else []

    def html(self, before="", after="", attributes="", script="/relais.js"):
        return f"""<!doctype html><title>Shop</title><script>{STUB}{before}</script>
            <script src="{self.relay}{script}" {attributes}></script><script>{after}</script><p>Shop"""

    def open(self, path="/"):
        page = self.context.new_page()
        page.goto(SITE + path)
        return page

    def events(self):
        return [event for batch in self.sent for event in batch]

    def named(self, name):
        return [event for event in self.events() if event["event_name"] == name]

    def settle(self, page, count):
        """Waits until that many events were sent and the last of them was answered."""
        for _ in range(200):
            done = len([1 for url, status in self.answers if url.startswith(self.relay) and status == 202])
            if len(self.events()) >= count and done >= len(self.sent):
                return
            page.wait_for_timeout(50)
        raise SystemExit(f"{len(self.events())} events in place of {count}: {self.events()} {self.answers}")

    def storage(self, page):
        return page.evaluate("Object.keys(localStorage).concat(document.cookie.split('; ').filter(Boolean))")


def views(scene):
    """Page views of a document and of a single-page application, and calls before and after the script's own."""
    scene.pages["/"] = scene.html(before="relais('sign_up', {method: 'early'});", attributes='data-consent="granted"')
    page = scene.open("/?gclid=TeSt123")
    scene.settle(page, 2)
    page.evaluate("history.pushState({}, '', '/mug?x=1'); document.title = 'Mug'")
    scene.settle(page, 3)
    page.evaluate("history.replaceState({}, '', '/mug?x=1#details')")
    page.evaluate(f"relais('purchase', {PURCHASE})")
    scene.settle(page, 4)
    page.go_back()
    scene.settle(page, 5)
    page.wait_for_timeout(300)
    cookies = {cookie["name"]: cookie for cookie in scene.context.cookies(SITE)}
    scene.pages["/later"] = scene.html(attributes='data-consent="granted"')
    later = scene.open("/later")
    scene.settle(later, 6)
    return {"events": scene.events(), "cookies": list(cookies.values()), "storage": scene.storage(page)}


def refused(scene):
    """Nothing is stored before consent; with it the page's events go out once more; after a refusal nothing is left."""
    scene.pages["/"] = scene.html(before="relais('consent', 'default', {analytics_storage: 'denied', ad_storage: 'denied'});")
    page = scene.open()
    scene.settle(page, 1)
    page.evaluate(f"relais('purchase', {PURCHASE})")
    scene.settle(page, 2)
    before = scene.storage(page)
    page.evaluate(GRANT)
    scene.settle(page, 4)
    granted = scene.storage(page)
    page.evaluate(GRANT)
    page.wait_for_timeout(300)
    page.evaluate("relais('consent', 'update', {analytics_storage: 'denied', ad_storage: 'denied'}); relais('search')")
    scene.settle(page, 5)
    page.wait_for_timeout(300)
    return {"events": scene.events(), "before": before, "granted": granted, "after": scene.storage(page)}


def offline(scene):
    """What could not be sent waits, also over the end of the page, and is sent when there is a network again."""
    scene.pages["/"] = scene.html(attributes='data-consent="granted"')
    page = scene.open()
    scene.settle(page, 1)
    scene.context.set_offline(True)
    page.evaluate("relais('set', {user_data: {email_address: 'jane@example.org'}})")
    page.evaluate(f"relais('purchase', {PURCHASE})")
    page.wait_for_timeout(500)
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('relais.queue.'))")
    unsent = len(scene.events())
    scene.context.set_offline(False)
    for _ in range(100):
        left = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('relais.queue.')).length")
        if not left:
            break
        page.wait_for_timeout(50)
    scene.context.set_offline(True)
    page.evaluate("relais('generate_lead', {value: 1, currency: 'EUR'})")
    page.wait_for_timeout(1500)
    page.close()
    scene.context.set_offline(False)
    page = scene.open()
    for _ in range(100):
        waiting = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('relais.queue.')).length")
        if not waiting:
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(200)
    return {"events": scene.events(), "kept": kept, "left": left, "waiting": waiting, "unsent": unsent}


def leaving(scene):
    """An event of a page's last moment is sent (twice, where its answer came too late for the page to hear); one that the
    relay could not take is sent again."""
    scene.pages["/"] = scene.html(attributes='data-consent="granted"')
    page = scene.open()
    scene.settle(page, 1)
    page.evaluate("relais('select_content', {content_id: 'mug'}); location.href = '/later'")
    page.wait_for_url(SITE + "/later")
    for _ in range(160):
        if scene.named("select_content") and len(scene.named("page_view")) == 2:
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(1000)
    refusals = []

    def refuse(route):
        if len(refusals) < 2:
            refusals.append(route.request.url)
            return route.fulfill(status=[503, 429][len(refusals) - 1], headers={"access-control-allow-origin": SITE,
                                 "access-control-allow-credentials": "true"})
        return route.continue_()

    scene.context.route(f"{scene.relay}/v1/events", refuse)
    page.evaluate("relais('search', {search_term: 'mug'})")
    for _ in range(160):
        if len(scene.named("search")) == 3:
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(500)
    return {"events": scene.events(), "refusals": len(refusals), "storage": scene.storage(page)}


PIXELS = """window.seen = {fbq: [], ttq: [], gtag: []};
window.fbq = (...call) => seen.fbq.push(call); window.ttq = {track: (...call) => seen.ttq.push(call)};
window.gtag = (...call) => seen.gtag.push(call);"""


def shared(scene):
    """Browser pixels hear the ids that the relay hears."""
    scene.pages["/"] = scene.html(before=PIXELS, attributes='data-consent="granted" data-share="fbq ttq gtag"')
    page = scene.open()
    scene.settle(page, 1)
    returned = page.evaluate(f"relais('purchase', {PURCHASE})")
    page.evaluate("relais('newsletter', {event_id: 'mine'}, {fbq: 'Lead', ttq: 'SubmitForm'})")
    called = page.evaluate("new Promise(done => relais('search', {search_term: 'mug'}, done))")
    scene.settle(page, 4)
    allowed = page.evaluate("seen")
    page.evaluate("relais('consent', 'update', {ad_storage: 'denied'}); relais('add_to_cart')")
    scene.settle(page, 5)
    return {"events": scene.events(), "pixels": allowed, "denied": page.evaluate("seen"), "returned": returned,
            "called": called}


def bridge(scene):
    """The dataLayer of gtag and of Tag Manager, what was pushed before and what is pushed later."""
    layer = """window.dataLayer = [{'gtm.start': 1, event: 'gtm.js'}]; function gtag() { dataLayer.push(arguments) }
      gtag('consent', 'default', {analytics_storage: 'denied', wait_for_update: 500});
      gtag('consent', 'update', {analytics_storage: 'granted'}); gtag('event', 'login', {method: 'form', send_to: 'G-1'});"""
    scene.pages["/"] = scene.html(before=layer, attributes="data-layer")
    page = scene.open()
    page.evaluate(f"""gtag('event', 'page_view'); gtag('set', 'user_id', 'u-1');
      dataLayer.push({{event: 'purchase', ecommerce: {PURCHASE}, eventCallback() {{}}, 'gtm.uniqueEventId': 3}});
      dataLayer.push(function () {{}}); dataLayer.push({{event: 'odd', node: document.body}}); dataLayer.push(null)""")
    scene.settle(page, 4)
    page.wait_for_timeout(200)
    return {"events": scene.events(), "layer": page.evaluate("dataLayer.find(item => item && item.event == 'purchase').event_id")}


def session(scene):
    """The session is gtag's where its cookie is; else one that the pages of a visitor share."""
    scene.pages["/"] = scene.html(attributes='data-consent="granted"')
    first, second = scene.open(), scene.open("/second")
    scene.settle(second, 2)
    scene.context.add_cookies([{"name": "_ga_TEST123456", "value": "GS2.1.s1764340309$o5$g0$t1764340309$j60$l0$h2122688280",
                                "domain": ".shop.example", "path": "/"},
                               {"name": "_ga", "value": "GA1.1.1307714608.1760043792", "domain": ".shop.example", "path": "/"}])
    first.evaluate("relais('search', {search_term: 'mug'})")
    scene.settle(first, 3)
    return {"events": scene.events()}


GTAG = b"""(rows => { const base = "https://www.googletagmanager.com";
  window.replay = rows => rows.reduce((before, row) => before.then(() => fetch(base + "/g/collect?" + row.raw_query, {
    method: row.method, body: row.method == "POST" ? row.body : undefined, credentials: "include", cache: "no-store",
    keepalive: true, redirect: "follow" })).then(answer => answer.text().then(text => [answer.status, text])), Promise.resolve());
})()"""


class Upstream(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "application/javascript")
        self.send_header("content-length", str(len(GTAG)))
        self.end_headers()
        self.wfile.write(GTAG)

    def log_message(self, *_):
        pass


@contextmanager
def upstream(port):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()


def gtag(scene, recording, port):
    """A script of Google's, from the site's own host, replays the recorded hits of a browser session."""
    rows = [json.loads(line) for line in open(recording, encoding="utf-8")]
    rows = [row for row in rows if row["path"] == "/g/collect"]
    hits = []
    scene.context.on("request", lambda request: hits.append([request.method, request.url.split("?")[0]]))
    with upstream(int(port)):
        scene.pages["/"] = f"<!doctype html><title>Shop</title><script src='{scene.relay}/m/g.js'></script><p>Shop"
        page = scene.open()
        last = page.evaluate("rows => replay(rows)", rows)
    foreign = [url for _, url in hits if not url.startswith((scene.relay, SITE))]
    return {"hits": [hit for hit in hits if hit[1].endswith("/m/c")], "foreign": foreign, "last": last, "rows": len(rows),
            "cookies": scene.context.cookies(SITE)}


# The answers of a hit are read as gtag.js of February 2026 reads them: cut at blank lines, `event: message` and `data: `.
STREAM = """async ([url, body]) => {
  const answer = await fetch(url, {method: body ? "POST" : "GET", body, cache: "no-store", credentials: "include",
    keepalive: true, redirect: "follow"});
  const reader = answer.body ? answer.body.getReader() : null, decoder = new TextDecoder();
  let text = "", done = [];
  for (let part; reader && !(part = await reader.read()).done;) text += decoder.decode(part.value, {stream: true});
  for (let end; (end = text.indexOf("\\n\\n")) >= 0; text = text.slice(end + 2)) {
    const [event, data] = text.slice(0, end).split("\\n");
    if (!event.startsWith("event: message") || !data.startsWith("data: ")) continue;
    const message = JSON.parse(data.slice(6));
    done = done.concat((message.send_pixel || []).map(pixel => new Promise(end => {
      const image = new Image(); image.onload = image.onerror = end; image.src = pixel;
    })), (message.fetch || []).map(url => fetch(url, {mode: "no-cors"})));
  }
  await Promise.all(done);
  return answer.status;
}"""


def told(scene):
    """A page that reads the answers of its hits as gtag.js does, and requests what they say."""
    asked = []

    def note(route):
        asked.append([route.request.resource_type, route.request.url])
        route.fulfill(status=204)

    scene.context.route("https://pixel.example/**", note)
    scene.pages["/"] = "<!doctype html><title>Shop</title><p>Shop"
    page = scene.open()
    statuses = []
    for consent, lines in [("13p3p3p2p5l1", None), ("13r3r3r3r5l1", None), ("13r3r3r3r5l1", None),
                           ("13r3r3r3r5l1", "en=scroll\r\nen=purchase&ep.transaction_id=T%262&epn.value=7&cu=EUR")]:
        query = f"v=2&tid=G-TEST123456&_p=1&cid=4711.1795440000&gcd={consent}&dl=https%3A%2F%2Fshop.example%2F"
        event = "" if lines else "&en=purchase&ep.transaction_id=T1&epn.value=5.5&cu=EUR"
        url = f"{scene.relay}/g/collect?{query}{event}&richsstsse"
        statuses.append(page.evaluate(STREAM, [url, lines]))
    return {"statuses": statuses, "asked": asked}


# As @segment/analytics-next sends: one message to /v1/<letter>, in the way of builds with and without tracing; a batch; a
# last message as the page ends. Its settings say where.
SEGMENT = """async cdn => {
  const settings = await (await fetch(cdn + "/v1/projects/test-public-key/settings")).json();
  const segment = settings.integrations["Segment.io"], base = "https://" + segment.apiHost;
  const message = (type, id, more) => Object.assign({type, messageId: id, anonymousId: "a-1", writeKey: segment.apiKey,
    integrations: {}, timestamp: new Date().toISOString(), sentAt: new Date().toISOString(), _metadata: {bundled: []},
    context: {page: {url: location.href, path: "/"}, userAgent: navigator.userAgent, locale: "fr-FR",
      library: {name: "analytics.js", version: "npm:next-1.81.0"}}}, more);
  const send = (path, body, more) => fetch(base + path, Object.assign({method: "post", body: JSON.stringify(body),
    headers: {"Content-Type": "text/plain"}}, more)).then(answer => answer.status, error => String(error));
  const order = {event: "Order Completed", properties: {order_id: "O-1", revenue: 5, currency: "EUR"}};
  const traced = {headers: {"Content-Type": "text/plain", Trace: "false"}, keepalive: true};
  const statuses = [await send("/t", message("track", "s-1", order)), await send("/p", message("page", "s-2", {name: "Home"})),
    await send("/i", message("identify", "s-3", {userId: "u-1", traits: {email: "jane@example.org"}})),
    await send("/g", message("group", "s-4", {groupId: "g-1"})), await send("/a", message("alias", "s-5", {userId: "u-1",
    previousId: "a-1"})), await send("/t", message("track", "s-6", {event: "Product Viewed"}), traced),
    await send("/b", {batch: [message("track", "s-7", {event: "Cart Viewed"}), message("page", "s-8", {})],
      writeKey: segment.apiKey, sentAt: new Date().toISOString()}),
    await send("/m", {series: [{type: "Counter", metric: "analytics_js.invoke", value: 1, tags: {a: "b"}}]})];
  addEventListener("pagehide", () => send("/t", message("track", "s-9", {event: "Signed Up"}), {keepalive: true}));
  return {statuses, rate: settings.metrics.sampleRate, metrics: settings.metrics.host};
}"""


def segment(scene):
    """The requests of Segment's browser SDK, from a page of the site to the relay's host."""
    scene.pages["/"] = "<!doctype html><title>Shop</title><p>Shop"
    page = scene.open()
    seen = page.evaluate(SEGMENT, scene.relay)
    page.goto(SITE + "/later")
    page.wait_for_timeout(500)
    return seen


def main():
    scenario, port, *arguments = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            # The pages come from nowhere and the relay from this machine, which a browser would ask its user about.
            args=["--no-sandbox", "--disable-features=LocalNetworkAccessChecks",
                  "--host-resolver-rules=MAP *.shop.example 127.0.0.1, MAP shop.example 127.0.0.1"],
        )
        scene = Scene(browser, port)
        print(json.dumps(globals()[scenario](scene, *arguments)))
        browser.close()


main()
