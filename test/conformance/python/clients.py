"""OpenAI's client and LangChain for Python with only their base URL changed; run.ts starts the service and sets OPENAI_BASE_URL."""

import traceback
from typing import Callable

import openai
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from openai import OpenAI
from pydantic import BaseModel

DIRECT = "reflect-balanced:direct"
CHECKS = "reflect-balanced:checks"
client = OpenAI(max_retries=0)


class Place(BaseModel):
    name: str
    metres: int


def asked(text: str) -> list[dict]:
    return [{"role": "user", "content": text}]


def a_chat_completion_is_the_answer() -> None:
    completion = client.chat.completions.create(model=DIRECT, messages=asked("What is it?"), temperature=0.2, seed=3)
    choice = completion.choices[0]
    assert (choice.message.content, choice.finish_reason) == ("It is a bridge.", "stop"), choice
    assert completion.usage.total_tokens == 23, completion.usage


def a_chat_completion_streams() -> None:
    stream = client.chat.completions.create(
        model=DIRECT, messages=asked("Stream it."), stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    texts = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(texts) == "One two three four five.", texts
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == 4, chunks[-1]


def phases_are_reasoning() -> None:
    stream = client.chat.completions.create(model=CHECKS, messages=asked("Say it in at most 4 words."), stream=True)
    deltas = [chunk.choices[0].delta for chunk in stream if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == "it is plain."
    reasoning = "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas)
    assert "It is plain, and long as well." in reasoning, reasoning


def structured_output_is_parsed() -> None:
    completion = client.chat.completions.parse(model=CHECKS, messages=asked("Which bridge?"), response_format=Place)
    assert completion.choices[0].message.parsed == Place(name="Golden Gate", metres=2737)


def own_options_go_in_the_body() -> None:
    completion = client.chat.completions.create(
        model=DIRECT, messages=asked("What is it?"), extra_body={"x_reflection": {"store": True, "max_rounds": 0}}
    )
    assert completion.x_reflection["decision"] == "unreflected", completion.x_reflection


def a_response_is_the_answer() -> None:
    response = client.responses.create(model=DIRECT, input="What is it?", instructions="Be brief.")
    assert (response.output_text, response.status) == ("It is a bridge.", "completed"), response
    assert client.responses.retrieve(response.id).output_text == "It is a bridge."


def a_response_streams() -> None:
    with client.responses.stream(model=CHECKS, input="Say it in at most 4 words.") as stream:
        types = [event.type for event in stream]
        response = stream.get_final_response()
    assert types[0] == "response.created" and types[-1] == "response.completed", types
    assert [item.type for item in response.output] == ["reasoning", "message"], response.output
    assert response.output_text == "it is plain."


def errors_are_the_clients_own() -> None:
    for failing, error in [
        (lambda: client.chat.completions.create(model="gpt-9", messages=asked("Hello?")), openai.NotFoundError),
        (lambda: client.chat.completions.create(model=DIRECT, messages=asked("Hello?"), n=2), openai.BadRequestError),
        (lambda: OpenAI(api_key="sk-nobody", max_retries=0).models.list(), openai.AuthenticationError),
        (lambda: client.chat.completions.create(model=DIRECT, messages=asked("Fail now.")), openai.InternalServerError),
    ]:
        try:
            failing()
        except error:
            continue
        raise AssertionError(f"{error.__name__} was not raised")


def models_are_listed() -> None:
    assert "reflect-balanced" in [model.id for model in client.models.list()]
    assert client.models.retrieve("reflect-fast:vote").id == "reflect-fast:vote"


def langchain_invokes() -> None:
    answer = ChatOpenAI(model=DIRECT, max_retries=0).invoke([SystemMessage("Be brief."), HumanMessage("What is it?")])
    assert answer.content == "It is a bridge.", answer
    assert answer.usage_metadata["output_tokens"] == 3, answer.usage_metadata


def langchain_streams() -> None:
    pieces = [chunk.content for chunk in ChatOpenAI(model=DIRECT, max_retries=0).stream("Stream it.")]
    assert "".join(pieces) == "One two three four five.", pieces


def langchain_gets_structured_output() -> None:
    structured = ChatOpenAI(model=CHECKS, max_retries=0).with_structured_output(Place, method="json_schema")
    assert structured.invoke("Which bridge?") == Place(name="Golden Gate", metres=2737)


CASES: list[Callable[[], None]] = [
    a_chat_completion_is_the_answer,
    a_chat_completion_streams,
    phases_are_reasoning,
    structured_output_is_parsed,
    own_options_go_in_the_body,
    a_response_is_the_answer,
    a_response_streams,
    errors_are_the_clients_own,
    models_are_listed,
    langchain_invokes,
    langchain_streams,
    langchain_gets_structured_output,
]


def passes(case: Callable[[], None]) -> bool:
    try:
        case()
    except Exception:
        print(f"✗ {case.__name__}")
        traceback.print_exc()
        return False
    print(f"✓ {case.__name__}")
    return True


if __name__ == "__main__":
    failed = [case for case in CASES if not passes(case)]
    raise SystemExit(1 if failed else 0)
