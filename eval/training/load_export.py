"""Downloads a training export page by page and loads it with Hugging Face `datasets`. See docs/exports.md.

    KEY=er_live_... python load_export.py sft sft.jsonl --from http://localhost:8787
    python load_export.py sft sft.jsonl
"""

import argparse
import os
import sys
import urllib.request
from datasets import Dataset, Features, List, Value, load_dataset

TEXT = Value("string")
MESSAGES = List({"role": TEXT, "content": TEXT})
# Without these the types are guessed from the beginning of the file, and guessed wrong where it holds only empty lists.
ORIGIN = {
    "provenance": {
        "reflection_id": TEXT,
        "created_at": Value("int64"),
        "prompt_hash": TEXT,
        "model": TEXT,
        "models": List(TEXT),
        "decision": TEXT,
        "checks": List({"id": TEXT, "type": TEXT, "origin": TEXT, "status": TEXT}),
    },
    "license": TEXT,
}
SEGMENT = {"part": TEXT, "start": Value("int64"), "end": Value("int64"), "train": Value("bool")}
FEATURES = {
    "sft": Features({"messages": MESSAGES, **ORIGIN}),
    "dpo": Features({"prompt": MESSAGES, "chosen": MESSAGES, "rejected": MESSAGES, **ORIGIN}),
    "reflection-tuning": Features(
        {"prompt": MESSAGES, "text": TEXT, "segments": List(SEGMENT), "dual_mask": List(Value("int64")), **ORIGIN}
    ),
}


def download(base: str, key: str, kind: str, path: str) -> None:
    """Writes all rows of the account's export to `path`, replacing what is there."""
    headers = {"authorization": f"Bearer {key}"}
    after = ""
    with open(path, "wb") as file:
        while after is not None:
            request = urllib.request.Request(f"{base}/v1/exports/{kind}?limit=100{after}", headers=headers)
            with urllib.request.urlopen(request) as page:
                file.write(page.read())
                cursor = page.headers["x-next-after"]
            after = None if cursor is None else f"&after={cursor}"


def load(kind: str, path: str) -> Dataset:
    """The rows of an export that holds at least one."""
    return load_dataset("json", data_files=path, features=FEATURES[kind], split="train")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=list(FEATURES))
    parser.add_argument("path", help="the file of rows, as JSON Lines")
    parser.add_argument("--from", dest="base", help="download the file first, from this address, with the key in KEY")
    given = parser.parse_args()
    if given.base is not None:
        download(given.base.rstrip("/"), os.environ["KEY"], given.kind, given.path)
    if os.path.getsize(given.path) == 0:
        sys.exit("The export holds no rows. docs/exports.md says what is left out.")
    print(load(given.kind, given.path))


if __name__ == "__main__":
    main()
