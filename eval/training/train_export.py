"""Trains a tiny Llama for a few steps on each kind of export, to show that the rows are what TRL takes. See docs/exports.md.

    python train_export.py [FOLDER]

FOLDER holds sft.jsonl, dpo.jsonl and reflection-tuning.jsonl; left out, the samples beside this file. Nothing is downloaded: the model has random
weights, and its tokenizer has one token for each byte. Ends with 1, and says why, where a loss is not finite, no weight changed or a mask is wrong.
"""

import math
import sys
import tempfile
from pathlib import Path
from typing import Callable

import torch
from datasets import Dataset
from load_export import load
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, set_seed
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

STEPS = 5
# `generation` marks what an assistant says, so that TRL can put loss on nothing else.
CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>"
    "{% if message.role == 'assistant' %}{% generation %}{{ message.content }}{{ eos_token }}{% endgeneration %}"
    "{% else %}{{ message.content }}{{ eos_token }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
ROLES = ["<|system|>", "<|user|>", "<|assistant|>"]


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """One token a byte, so that no token lies across the end of a segment."""
    vocabulary = {symbol: index for index, symbol in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|pad|>")
    wrapped.add_special_tokens({"additional_special_tokens": ROLES})
    wrapped.chat_template = CHAT_TEMPLATE
    return wrapped


def tiny_llama(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    set_seed(0)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=8192,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )


def settings(folder: str) -> dict:
    return {
        "output_dir": folder,
        "max_steps": STEPS,
        "per_device_train_batch_size": 1,
        "learning_rate": 1e-3,
        "max_length": None,
        "logging_steps": 1,
        # Left on, it logs 0 for a loss that is not finite.
        "logging_nan_inf_filter": False,
        "save_strategy": "no",
        "report_to": "none",
        "use_cpu": True,
        "bf16": False,
        "disable_tqdm": True,
        "seed": 0,
    }


def supervised(rows: Dataset, folder: str) -> SFTTrainer:
    tokenizer = byte_tokenizer()
    trainer = SFTTrainer(
        model=tiny_llama(tokenizer),
        args=SFTConfig(**settings(folder), assistant_only_loss=True),
        train_dataset=rows.select_columns(["messages"]),
        processing_class=tokenizer,
    )
    answers = [[turn["content"] for turn in row["messages"] if turn["role"] == "assistant"] for row in rows]
    expect_trained_on(trainer, ["".join(f"{text}<|end|>" for text in texts) for texts in answers])
    return trainer


def preferences(rows: Dataset, folder: str) -> DPOTrainer:
    tokenizer = byte_tokenizer()
    return DPOTrainer(
        model=tiny_llama(tokenizer),
        # TRL would load it from the place that the model came from, and this one came from nowhere.
        ref_model=tiny_llama(tokenizer),
        args=DPOConfig(**settings(folder)),
        train_dataset=rows.select_columns(["prompt", "chosen", "rejected"]),
        processing_class=tokenizer,
    )


def segmented(rows: Dataset, folder: str) -> SFTTrainer:
    """The mask is made of `segments`: a refuted draft is read, and never learnt."""
    tokenizer = byte_tokenizer()
    for row in rows:
        expect_covered(row)

    def masked(row: dict) -> dict:
        prompt = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, tokenize=False)
        # Places count code points, as Python's own do.
        parts = [(row["text"][part["start"] : part["end"]], part["train"]) for part in row["segments"]]
        pieces = [(prompt, False), *parts, (tokenizer.eos_token, True)]
        tokens = [(tokenizer(text, add_special_tokens=False)["input_ids"], train) for text, train in pieces]
        return {
            "input_ids": [token for ids, _ in tokens for token in ids],
            # TRL's own name for where loss belongs.
            "assistant_masks": [int(train) for ids, train in tokens for _ in ids],
        }

    trainer = SFTTrainer(
        model=tiny_llama(tokenizer),
        args=SFTConfig(**settings(folder)),
        train_dataset=rows.map(masked, remove_columns=rows.column_names),
        processing_class=tokenizer,
    )
    learnt = [
        "".join(row["text"][part["start"] : part["end"]] for part in row["segments"] if part["train"]) for row in rows
    ]
    expect_trained_on(trainer, [f"{text}<|end|>" for text in learnt])
    return trainer


def expect_covered(row: dict) -> None:
    """The segments lie end to end over the whole text. Where places count UTF-16 units, an emoji moves the last end behind the text's."""
    starts = [part["start"] for part in row["segments"]]
    ends = [part["end"] for part in row["segments"]]
    if [*starts, len(row["text"])] != [0, *ends]:
        sys.exit(f"Segments from {starts} to {ends} do not cover a text of {len(row['text'])} code points.")


def expect_trained_on(trainer: SFTTrainer, texts: list[str]) -> None:
    """The tokens that bear loss, as the trainer's own collator makes them, spell exactly these texts."""
    tokenizer = trainer.processing_class
    for row, text in zip(trainer.train_dataset, texts, strict=True):
        labels = trainer.data_collator([row])["labels"][0]
        spelt = tokenizer.decode(labels[labels != -100])
        if spelt != text:
            sys.exit(f"Loss would be put on {spelt!r}, where it belongs on {text!r}.")


KINDS: dict[str, Callable[[Dataset, str], SFTTrainer | DPOTrainer]] = {
    "sft": supervised,
    "dpo": preferences,
    "reflection-tuning": segmented,
}


def train(kind: str, path: Path) -> str:
    rows = load(kind, str(path))
    with tempfile.TemporaryDirectory() as folder:
        trainer = KINDS[kind](rows, folder)
        before = [weights.detach().clone() for weights in trainer.model.parameters()]
        trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    if len(losses) != STEPS or not all(math.isfinite(float(loss)) for loss in losses):
        sys.exit(f"{kind}: the losses of {STEPS} steps are {losses}.")
    if all(torch.equal(then, now) for then, now in zip(before, trainer.model.parameters(), strict=True)):
        sys.exit(f"{kind}: no weight has changed.")
    return f"{kind}: {len(rows)} rows, {STEPS} steps, loss {float(losses[0]):.3f} to {float(losses[-1]):.3f}"


def main() -> None:
    torch.set_num_threads(1)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "samples"
    for kind in KINDS:
        print(train(kind, folder / f"{kind}.jsonl"), flush=True)


if __name__ == "__main__":
    main()
