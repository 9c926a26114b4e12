"""OpenAI's own client with another base URL. Needs `pip install openai`, and BASE_URL and API_KEY in the environment."""

import os
import sys

from openai import OpenAI

client = OpenAI(base_url=f"{os.environ['BASE_URL']}/v1", api_key=os.environ["API_KEY"])

completion = client.chat.completions.create(
    model="reflect-balanced:checks",
    messages=[{"role": "user", "content": "Describe the sea in at most 12 words."}],
    # Any field of the native API.
    extra_body={"x_reflection": {"checks": [{"type": "forbidden_characters", "characters": [","]}]}},
)

print(completion.choices[0].message.content)
print(f"{completion.x_reflection['decision']}, {completion.usage.total_tokens} tokens", file=sys.stderr)
