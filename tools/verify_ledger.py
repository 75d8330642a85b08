#!/usr/bin/env python3
"""Verifies a Fengsui ledger without any code of Fengsui, by Python's standard library alone.
    verify_ledger.py ledger PLACE --key KEY [--checkpoint FILE]   PLACE: an export, or http://ADDRESS of a node
    verify_ledger.py proofs --key KEY PROOF ENTRY [PROOF ENTRY]...
KEY is from `ledger.vkey` of the node; with FENGSUI_TOKEN of an auditor a node's entries are read too. Exit: 0 good, 1
not good, 2 usage. Formats: RFC 6962, RFC 8032, C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof.
"""
import argparse, base64, functools, hashlib, json, os, sys, urllib.request  # noqa: E401
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
text_of = lambda path: open(path, "rb").read().decode()
def only(value, text, written):  # A value in the one spelling that it has.
    if written(value) != text:
        raise ValueError(f"`{text}` is not how it is written")
    return value

raw = lambda text: only(base64.b64decode(text, validate=True), text, lambda data: base64.b64encode(data).decode())
number = lambda text: only(int(text), text, str)

def add(a, b):
    """Adds two points of the curve, each (x, y, z, t) with x*y = z*t. RFC 8032 section 5.1.4."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, d - c, d + c, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, point):
    total = (0, 1, 1, 0)
    for bit in bin(n)[2:]:
        total = add(add(total, total), point) if bit == "1" else add(total, total)
    return total

def point(data):  # Reads a point. RFC 8032 section 5.1.3.
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    x = x if x * x % P == x2 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != x2 or (x == 0 and sign):
        raise ValueError("no point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P

def signed(public, message, signature):  # RFC 8032 section 5.1.7.
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(s, point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))), add(r, times(k, a))
    same = all((left[n] * right[2] - right[n] * left[2]) % P == 0 for n in (0, 1))
    return len(signature) == 64 and s < ORDER and same

@functools.lru_cache(64)
def checkpoint(note, key):
    """Size and root of a checkpoint that `key` signed. C2SP signed-note, tlog-checkpoint."""
    name, ident, public = key.split("+", 2)
    public = raw(public)
    if public[:1] != b"\x01" or len(public) != 33 or sha(name.encode(), b"\n", public)[:4].hex() != ident:
        sys.exit(print("usage: KEY is no verifier key", file=sys.stderr) or 2)
    text, _, lines = note.rpartition("\n\n")
    origin, size, root = (text + "\n\n").split("\n")[:3]
    lines = [line.split(" ") for line in lines.removesuffix("\n").split("\n")]
    lines = [(of, raw(signature)) for dash, of, signature in lines if only(dash, "\u2014", str)]
    ours = [made[4:] for of, made in lines if (of, made[:4].hex()) == (name, ident)]
    checked = [signed(public[1:], (text + "\n").encode(), made) for made in ours]
    if not checked or not all(checked) or origin != name or not note.endswith("\n"):
        raise ValueError("the checkpoint is not signed by this key")
    return number(size), raw(root)

def tree(leaves):
    """The root over leaves: pairs are joined level by level, one without a pair goes up. RFC 6962 section 2.1."""
    while len(leaves) > 1:
        pairs = [leaves[n:n + 2] for n in range(0, len(leaves), 2)]
        leaves = [sha(b"\x01", *pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return leaves[0] if leaves else sha()

def proven(proof, entry, key):  # C2SP tlog-proof; RFC 9162 section 2.1.3.2.
    head, _, note = text_of(proof).partition("\n\n")
    size, root = checkpoint(note, key)
    first, *lines = head.split("\n")
    lines = lines[1:] if lines[0].startswith("extra ") and raw(lines[0][6:]) else lines
    at, last, made = number(lines[0][6:]), size - 1, sha(b"\x00", open(entry, "rb").read())
    if first != "c2sp.org/tlog-proof@v1" or lines[0][:6] != "index " or not 0 <= at <= last:
        return False
    for other in map(raw, lines[1:]):
        if last == 0 or len(other) != 32:
            return False
        left = at % 2 or at == last
        made = sha(b"\x01", other, made) if left else sha(b"\x01", made, other)
        while left and at % 2 == 0 and at:
            at, last = at // 2, last // 2
        at, last = at // 2, last // 2
    return last == 0 and made == root

def from_file(path):  # The checkpoint and the leaves of an export; a gap counts as a leaf that is wrong.
    head, *rows = map(json.loads, open(path, encoding="utf-8"))
    gap = next((n for n, row in enumerate(rows) if row["index"] != n), None)
    return head["checkpoint"], [sha(b"\x00", row["entry"].encode()) for row in rows], gap

def from_node(url):
    """The same of a node, by C2SP tlog-tiles; with a token its entries are held against its tiles."""
    token = os.environ.get("FENGSUI_TOKEN")
    headers = {"Authorization": "Bearer " + token} if token else {}
    get = lambda path: urllib.request.urlopen(urllib.request.Request(url + path, headers=headers), timeout=30).read()
    note, leaves, gap = get("/ledger/checkpoint").decode(), [], None
    size = number(note.split("\n")[1])
    for tile in range(-(-size // 256)):
        *above, name = [f"{int(part):03}" for part in f"{tile:,}".split(",")]
        width = min(256, size - tile * 256)
        name = "".join(f"x{part}/" for part in above) + name + (f".p/{width}" if width < 256 else "")
        hashes = get("/ledger/tile/0/" + name)
        leaves += [hashes[n * 32:n * 32 + 32] for n in range(width)]
        bundle = get("/ledger/tile/entries/" + name) if token else b""
        for n in range(tile * 256, tile * 256 + width) if token else ():
            length = int.from_bytes(bundle[:2], "big")
            gap = n if gap is None and sha(b"\x00", bundle[2:2 + length]) != leaves[n] else gap
            bundle = bundle[2 + length:]
    return note, leaves, gap

def ledger(place, key, kept):
    note, leaves, bad = from_node(place.rstrip("/")) if place.startswith("http://") else from_file(place)
    for what, text in [("signed", note)] + [("kept", text_of(path)) for path in kept]:
        size, root = checkpoint(text, key)
        if size > len(leaves) or tree(leaves[:size]) != root or (what == "signed" and size != len(leaves)):
            bad = bad or 0
            print(f"the {what} checkpoint over {size} entries is not that of the {len(leaves)} entries here")
    print(f"good: {len(leaves)} entries, root {tree(leaves).hex()}" if bad is None else f"first bad index {bad}")
    return bad is None

def attempt(check, *arguments):
    try:
        return check(*arguments)
    except (ValueError, KeyError, IndexError) as error:
        return bool(print(f"not good: {error}", file=sys.stderr))

def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=["ledger", "proofs"])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--key", required=True, type=str.strip)
    parser.add_argument("--checkpoint", action="append", default=[])
    told = parser.parse_args()
    if told.what == "ledger":
        return int(not attempt(ledger, told.files[0], told.key, told.checkpoint))
    len(told.files) % 2 and parser.error("each PROOF needs its ENTRY")
    good = [attempt(proven, proof, entry, told.key) for proof, entry in zip(told.files[::2], told.files[1::2])]
    for proof, fine in zip(told.files[::2], good):
        print("good" if fine else "bad", proof)
    return int(not all(good))

if __name__ == "__main__":
    sys.exit(main())
