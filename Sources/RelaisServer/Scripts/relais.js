// relais.js, the tracker of Relais. SPDX-License-Identifier: Apache-2.0
// Lines that begin with two slashes are not served, and neither is indentation.
(() => {
  const win = window, doc = document, nav = navigator, script = doc.currentScript, data = script.dataset;
  const early = win.relais?.q ?? [];
  if (win.relais?.isLoaded) return;

  // Written in by the relay that serves this: where events go, seen from here, and the site's measurement id.
  const url = new URL(data.events ?? "%events%", script.src).href;
  const measurementID = (data.id ?? "%id%").slice(2);

  const day = 864e5, maximumQueued = 100;
  const attempt = action => { try { return action(); } catch {} };
  const random = count => crypto.getRandomValues(new Uint32Array(count));

  // MARK: Consent

  const granted = "granted", chosen = {}, consent = {};
  const purposes = ["ad_storage", "ad_user_data", "ad_personalization", "analytics_storage", "functionality_storage",
    "personalization_storage", "security_storage"];
  const mayStore = () => consent.analytics_storage == granted;

  // A default never undoes a visitor's choice, and of two defaults the stricter holds: which region gtag's apply to is
  // not known here.
  const choose = (kind, states = {}) => {
    const isUpdate = kind == "update";
    let isMore = Object.values(states.vendors ?? {}).includes(granted);
    for (const purpose of purposes) {
      const state = states[purpose], isGranted = state == granted;
      if (!state || (!isUpdate && (chosen[purpose] || (isGranted && (states.region || consent[purpose]))))) continue;
      if (isUpdate) chosen[purpose] = 1;
      isMore ||= isGranted && consent[purpose] != granted;
      consent[purpose] = isGranted ? granted : isUpdate ? "denied" : "pending";
    }
    if (states.vendors) consent.vendors = { ...consent.vendors, ...states.vendors };
    if (consent.analytics_storage == "denied") {
      storedKeys("relais.").forEach(forget);
      if (cookie("_ga")) writeCookie("_ga", "", 0);
    }
    for (const { event } of queue) event.consent = { ...consent };
    if (isStarted && isMore) {
      recall();
      sendAgain();
    }
  };

  // MARK: Storage, only while analytics_storage is granted

  const storedKeys = prefix =>
    attempt(() => Object.keys(localStorage).filter(key => key.startsWith(prefix)).sort()) ?? [];
  const stored = key => (mayStore() && attempt(() => JSON.parse(localStorage[key]))) || {};
  const store = (key, value) => mayStore() && attempt(() => localStorage[key] = JSON.stringify(value));
  const forget = key => attempt(() => localStorage.removeItem(key));
  const cookie = name => `; ${doc.cookie}`.split(`; ${name}=`)[1]?.split(";")[0] ?? "";

  // For the widest domain that the browser lets a page of this host set cookies for.
  const writeCookie = (name, value, seconds) => {
    const labels = location.hostname.split(".");
    for (let first = labels.length - 2; first > -2 && cookie(name) != value; first--) {
      doc.cookie = `${name}=${value}; path=/; max-age=${seconds}; samesite=lax`
        + (first < 0 ? "" : `; domain=${labels.slice(first).join(".")}`)
        + (location.protocol == "https:" ? "; secure" : "");
    }
  };

  // MARK: Visitor and session

  let ownID, session = {}, engaged = 0, activeSince = 0;
  const clientID = () => {
    const known = mayStore() && /^GA\d\.\d+\.(\d+\.\d+)$/.exec(cookie("_ga"));
    if (known) return known[1];
    ownID ??= `${random(1)[0] >>> 1}.${Date.now() / 1e3 | 0}`;
    if (mayStore()) writeCookie("_ga", "GA1.1." + ownID, 400 * day / 1e3);
    return ownID;
  };

  // gtag's session where gtag runs; else one of the same rules: a new one after 30 minutes without an event.
  const visitor = () => {
    const value = mayStore() && cookie("_ga_" + measurementID);
    const at = Date.now(), other = stored("relais.session");
    engaged += other.engaged ?? 0;
    if (other.at > (session.isKept ? session.at : 0)) session = other;
    if (!(session.at > at - 18e5)) session = { id: at / 1e3 | 0, number: (session.number ?? 0) + 1 };
    session = { ...session, at, engaged: 0, isKept: mayStore() };
    store("relais.session", session);
    return {
      client_id: clientID(),
      session_id: /^GS\d\.\d+\.s?(\d+)/.exec(value)?.[1] ?? `${session.id}`,
      session_number: /(?:(?:\$|%24)o|^GS1\.\d+\.\d+\.)(\d+)/.exec(value)?.[1] ?? session.number,
    };
  };

  // Milliseconds in which the page was seen and had the focus, since the event before. The rest is the next page's.
  const measure = () => {
    const now = performance.now();
    if (activeSince) engaged += now - activeSince;
    activeSince = doc.visibilityState == "visible" && doc.hasFocus() ? now : 0;
  };

  // MARK: Sending

  let queue = [], held = [], underWay = [], failures = 0, timer;
  const text = entries => JSON.stringify(entries.map(({ at, event }) => ({ ...event, age_msec: Date.now() - at })));
  const keyOf = ({ at, event }) => `relais.queue.${at}.${event.event_id}`;
  const schedule = delay => {
    clearTimeout(timer);
    timer = setTimeout(flush, delay);
  };
  const add = entry => {
    queue = [...queue, entry].slice(-maximumQueued);
    if (!failures) schedule(0);
  };
  const drop = entries => {
    queue = queue.filter(entry => !entries.includes(entry));
    for (const entry of entries) forget(keyOf(entry));
  };
  // What was given to be hashed by the relay is not left lying in the browser.
  const keep = entries => {
    for (const { at, event } of entries) store(keyOf({ at, event }), { at, event: { ...event, user_data: undefined } });
    storedKeys("relais.queue.").slice(0, -maximumQueued).forEach(forget);
  };
  const recall = () => {
    if (!mayStore()) return;
    for (const key of storedKeys("relais.queue.")) {
      const entry = stored(key);
      if (!(entry.at > Date.now() - day)) forget(key);
      else if (!queue.some(other => keyOf(other) == key)) add(entry);
    }
  };
  const flush = async () => {
    if (underWay[0] || !queue[0]) return;
    const batch = underWay = queue.slice(0, 20);
    while (batch[1] && text(batch)[5e4]) batch.pop();
    const body = text(batch);
    // A text needs no preflight; what is kept alive outlives the page, up to 64 KiB.
    const { status } = await fetch(url, { method: "POST", body, credentials: "include", keepalive: !body[6e4] })
      .catch(() => 0);
    underWay = [];
    if (status && status < 500 && status != 429) {
      failures = 0;
      drop(batch);
      schedule(0);
    } else {
      keep(batch);
      schedule(Math.min(2 ** ++failures * 1e3, 3e5));
    }
  };
  const leave = () => {
    measure();
    if (store("relais.session", { ...session, engaged })) engaged = 0;
    const rest = queue.filter(entry => !underWay.includes(entry));
    if (!rest[0]) return;
    if (!failures && nav.onLine && nav.sendBeacon(url, text(rest))) drop(rest);
    else keep(rest);
  };

  // After consent the page's events go out once more under their ids, for those that were refused them.
  const hold = entry => {
    if (purposes.some((purpose, index) => index < 4 && consent[purpose] != granted)) held.push(entry);
    held = held.slice(-maximumQueued);
    add(entry);
  };
  const sendAgain = () => {
    const copies = held.map(({ at, event }) => ({ at, event: { ...event, ...visitor(), consent: { ...consent } } }));
    queue = queue.filter(entry => !held.includes(entry) || underWay.includes(entry));
    held = [];
    copies.forEach(hold);
  };

  // MARK: Browser pixels, told the same event_id

  const renamed = { view_item: "ViewContent", begin_checkout: "InitiateCheckout", generate_lead: "Lead",
    sign_up: "CompleteRegistration" };
  const alike = ["page_view", "add_to_cart", "add_to_wishlist", "add_payment_info", "purchase", "search", "contact",
    "schedule", "start_trial", "subscribe"];
  const asStandard = name => renamed[name] ??
    (alike.includes(name) && name.replace(/(^|_)./g, part => part.slice(-1).toUpperCase()));
  const share = (name, parameters, id, names) => {
    const title = pixel => win[pixel] && (names[pixel] ??
      (data.share?.includes(pixel) && (pixel == "gtag" ? name : asStandard(name))));
    const { value, currency, items = [] } = parameters;
    const isAllowed = !/denied|pending/.test(consent.ad_storage);
    const contents = rename =>
      ({ value, currency, ...(items[0] && { contents: items.map(rename), content_type: "product" }) });
    if (isAllowed && title("fbq")) {
      fbq("track", title("fbq"), contents(({ item_id: id, quantity = 1, price: item_price }) =>
        ({ id, quantity, item_price })), { eventID: id });
    }
    // ttq.page() counts views, and takes no id.
    if (isAllowed && title("ttq") && name != "page_view") {
      ttq.track(title("ttq"), contents(({ item_id: content_id, item_name: content_name, quantity = 1, price }) =>
        ({ content_id, content_name, quantity, price })), { event_id: id });
    }
    if (title("gtag")) gtag("event", title("gtag"), { ...parameters, event_id: id });
  };

  // MARK: Events

  let isStarted, referrer = doc.referrer, page;
  const common = {}, issued = new Set();
  const record = (name, parameters) => {
    const event_id = `${parameters.event_id || random(4).join("-")}`;
    const ids = visitor();
    measure();
    issued.add(event_id);
    hold({ at: Date.now(), event: {
      event_name: name, page_location: location.href, page_referrer: referrer, page_title: doc.title,
      language: nav.language, screen_resolution: `${screen.width}x${screen.height}`,
      viewport_size: `${innerWidth}x${innerHeight}`, engagement_time_msec: Math.round(engaged),
      ...ids, ...common, ...parameters, event_id, consent: { ...consent } } });
    engaged = 0;
    return event_id;
  };
  const track = (name, parameters = {}, then = {}) => {
    const id = record(name, parameters);
    share(name, parameters, id, then);
    if (then.call) then(id);
    return id;
  };

  // MARK: Page views

  const isAutomatic = data.pageView != "manual";
  const view = () => {
    const here = location.href.split("#")[0];
    if (!isAutomatic || here == page) return;
    referrer = page ?? referrer;
    page = here;
    track("page_view");
  };
  // Frameworks set the title after the address.
  const viewSoon = () => setTimeout(view, 100);
  for (const method of ["pushState", "replaceState"]) {
    const original = history[method];
    history[method] = function (...values) {
      original.apply(this, values);
      viewSoon();
    };
  }

  // MARK: dataLayer

  const bridge = (name, parameters, target) => {
    if (issued.has(parameters.event_id) || (name == "page_view" && isAutomatic)) return;
    const plain = Object.entries(parameters).filter(([key, value]) =>
      !/^gtm\.|^event_?(callback|timeout)$|^send_to$/i.test(key) && !value?.call && !value?.nodeType);
    const id = record(name, Object.fromEntries(plain));
    // The tags that see this push next can give it to their vendors.
    if (target) target.event_id ??= id;
  };
  const assign = entries => {
    for (const [name, value] of Object.entries(entries)) if (/^user_/.test(name)) common[name] = value;
  };
  const read = item => attempt(() => {
    const [command, first, second] = item?.length ? item : [];
    if (command == "event") bridge(first, second ?? {}, second);
    else if (command == "consent") choose(first, second);
    else if (command == "set") assign(second ? { [first]: second } : first);
    else if (/^(?!gtm\.)./.test(item?.event ?? "")) {
      const { event, ecommerce, ...rest } = item;
      bridge(event, { ...rest, ...ecommerce }, item);
    }
  });
  const connect = name => {
    const layer = win[name] ??= [], push = layer.push;
    layer.forEach(read);
    layer.push = (...items) => {
      items.forEach(read);
      return push.apply(layer, items);
    };
  };

  // MARK: Start

  const relais = win.relais = (name, ...rest) => {
    if (name == "consent") choose(...rest);
    else if (name == "set") Object.assign(common, rest[0]);
    else return track(name, ...rest);
  };
  const replay = isSetting => {
    for (const call of early) if (/^(consent|set)$/.test(call[0]) == isSetting) relais(...call);
  };
  const start = () => {
    isStarted = 1;
    recall();
    view();
    replay(false);
    if ("layer" in data) connect(data.layer || "dataLayer");
  };
  if (data.consent) choose("default", Object.fromEntries(purposes.map(purpose => [purpose, data.consent])));
  replay(true);
  relais.isLoaded = true;
  measure();
  for (const name of ["focus", "blur", "pageshow"]) addEventListener(name, measure);
  doc.addEventListener("visibilitychange", () => doc.hidden ? leave() : measure());
  addEventListener("pagehide", leave);
  addEventListener("popstate", viewSoon);
  addEventListener("online", () => {
    failures = 0;
    flush();
  });
  if (doc.prerendering) doc.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
