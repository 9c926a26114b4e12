/** Which part of a response to a HumanEval problem is run. */

const pythonFence = '```python\n';
const fence = '```';

/**
 * As simple-evals takes it: the first Python block, or all of the response where there is none; of it, what stands behind the function's head. It goes behind
 * the prompt. Where no head is found the reference drops the first character, and so does this.
 * https://github.com/openai/simple-evals/blob/main/humaneval_eval.py (`find_code`)
 */
export function functionBody(response: string): string {
  const code = firstPythonBlock(response) ?? response;
  const head = code.indexOf(':\n    ');
  if (head >= 0) return code.slice(head + 2);
  // A character is a code point in Python.
  const [first = ''] = code;
  return code.slice(first.length);
}

function firstPythonBlock(text: string): string | undefined {
  const start = text.indexOf(pythonFence);
  const end = text.indexOf(fence, start + pythonFence.length);
  return start < 0 || end < 0 ? undefined : text.slice(start + pythonFence.length, end);
}

/**
 * As lm-evaluation-harness takes it where the response goes on from an opened block: all before the first fence.
 * https://github.com/EleutherAI/lm-evaluation-harness/blob/main/lm_eval/tasks/humaneval/utils.py (`build_predictions_instruct`)
 */
export function beforeFence(response: string): string {
  const end = response.indexOf(fence);
  return end < 0 ? response : response.slice(0, end);
}

/**
 * Our own, lenient rule, which no reference has: the first block that defines the function, or else the first block, whatever its language is called; all of
 * the response where there is none. Unlike `functionBody` it keeps helper functions and imports that stand before the function.
 */
export function wholeCode(response: string, entryPoint: string): string {
  const blocks = codeBlocks(response);
  return blocks.find((block) => block.includes(`def ${entryPoint}(`)) ?? blocks[0] ?? response;
}

/** What stands between fences; the last may be left open by a response that was cut off. */
function codeBlocks(text: string): string[] {
  return text
    .split(fence)
    .filter((_, index) => index % 2 === 1)
    .map((block) => block.slice(block.indexOf('\n') + 1));
}
