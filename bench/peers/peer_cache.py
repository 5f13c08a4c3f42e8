"""What the peer took and answered, kept as JSON so that it need not be asked again."""

import json

from outcome import Outcome


class PeerCache:
    def __init__(self, path, about):
        self._path, self._about = path, about
        self._kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"queries": {}}

    def find(self, name, text):
        """None when that query was never asked, or was another one under this name."""
        kept = self._kept["queries"].get(name)
        return Outcome(**kept["outcome"]) if kept and kept["query"] == text else None

    def keep(self, name, text, outcome):
        self._kept["about"] = self._about
        self._kept["queries"][name] = {"query": text, "outcome": outcome.as_json()}
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(self._kept, ensure_ascii=False, indent=1), encoding="utf-8")
        part.rename(self._path)
