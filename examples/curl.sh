#!/usr/bin/env sh
# A reflection with a check, and what became of it. Needs BASE_URL (http://127.0.0.1:8787) and API_KEY.
set -eu
curl --silent --show-error --fail-with-body "$BASE_URL/v1/reflections" \
  -H "authorization: Bearer $API_KEY" \
  -H 'content-type: application/json' \
  -d '{
    "input": "Describe the sea in at most 12 words.",
    "strategy": "checks",
    "checks": [{"type": "forbidden_characters", "characters": [","]}],
    "include": ["draft"]
  }'
