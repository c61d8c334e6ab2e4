"""Sends events with a published SDK of the Segment spec, as an application would.

    sdk.py segment|rudder URL WRITE_KEY PREFIX COUNT

Prints one JSON object: how many messages the SDK gave up, and the errors it gave for them.
"""

import json
import sys

ORDER = {
    "order_id": "O-1", "currency": "eur", "revenue": 129.90, "total": 141.80, "tax": 7, "shipping": 4.90,
    "products": [
        {"product_id": "SKU-1", "name": "T-shirt", "price": 29.95, "quantity": 2, "category": "Apparel"},
        {"product_id": "SKU-2", "name": "Shoes", "price": 70, "quantity": 1},
    ],
}
CONTEXT = {
    "ip": "203.0.113.9", "userAgent": "Mozilla/5.0 (X11; Linux x86_64)", "locale": "fr-FR",
    "page": {"url": "https://shop.example/thanks", "title": "Thanks"},
    "traits": {"email": "jane@example.org"},
}


def client(sdk, url, key, on_error):
    if sdk == "segment":
        from segment.analytics.client import Client
    else:
        from rudderstack.analytics.client import Client
    return Client(key, host=url, on_error=on_error, upload_size=5, upload_interval=0.2)


def main():
    sdk, url, key, prefix, count = sys.argv[1:]
    errors, given_up = [], []

    def on_error(error, batch):
        errors.append(str(error))
        given_up.extend(batch)

    analytics = client(sdk, url, key, on_error)
    who = {"user_id": "u-1", "anonymous_id": "1747939876.1695445369"}

    def send(call, label, **members):
        getattr(analytics, call)(**who, context=dict(CONTEXT), message_id=f"{prefix}-{label}", **members)

    send("identify", "identify", traits={"email": "jane@example.org", "plan": "gold"})
    send("page", "page", name="Thanks", properties={"url": "https://shop.example/thanks"})
    send("track", "order", event="Order Completed", properties=ORDER)
    send("track", "private", event="Order Completed", properties=ORDER | {"order_id": "O-2"},
         integrations={"All": True, "Facebook Conversions API": False})
    for number in range(int(count)):
        send("track", f"added-{number}", event="Product Added",
             properties={"product_id": f"SKU-{number}", "price": 18.99, "quantity": 3, "currency": "EUR"})
    analytics.flush()
    analytics.join()
    print(json.dumps({"given_up": len(given_up), "errors": errors}))


main()
