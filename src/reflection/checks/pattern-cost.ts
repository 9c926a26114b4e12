/**
 * What a pattern costs before it is compiled, from one scan of its source. Counted repetitions multiply, and classes of Unicode are large: a
 * thousand characters may stand for a million instructions. All figures are upper bounds for RE2JS 2.0.2.
 */

export interface PatternCost {
  /** The most instructions of its program. */
  readonly instructions: number;
  /** Steps that compiling it takes at most, each about the time of one step of matching: 60 ns. */
  readonly steps: number;
}

/** Measured: steps to compile an instruction, a class of Unicode, and a code point of a range whose cases are folded. */
const compiling = { instruction: 48, unicodeClass: 2_500, foldedPoint: 2 } as const;

/** Once repetitions may multiply to this many instructions, the parser writes each part out anew for every group around it. */
const largestUntracked = 3_355_443;
const trackedFactor = 10;

/** No code point beyond these two has another case. */
const cased = { from: 0x41, to: 0x1e943 } as const;

const tokens = {
  // RE2 takes a repetition whose number has a leading zero literally.
  repetition: /\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/y,
  flags: /\(\?[A-Za-z-]*\)/y,
  group: /\((?:\?(?:P?<[^>]*>|[A-Za-z-]*:))?/y,
  unicodeClass: /\\[pP](?:\{[^}]*\}|.)/suy,
  literalRun: /\\Q(.*?)(?:\\E|$)/sy,
  escape: /\\(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|([0-7]{1,3})|.)/suy,
  namedClass: /\[:\^?\w+:\]/y,
} as const;

/** A group that is being read. */
interface Group {
  /** Instructions of the branches before the last `|`. */
  branches: number;
  /** Instructions of this branch so far. */
  branch: number;
  /** Instructions of what a repetition would repeat. */
  last: number;
}

/** The cost of a pattern with flags from `ims`. Of a pattern that RE2 refuses, some bound. */
export function patternCost(source: string, flags: string): PatternCost {
  return new PatternScan(source, flags).cost();
}

class PatternScan {
  readonly #source: string;
  readonly #folds: boolean;
  #at = 0;
  #groups: Group[] = [{ branches: 0, branch: 0, last: 0 }];
  /** Steps for classes, and the same with each counted once for every group around it. */
  #classes = 0;
  #nestedClasses = 0;
  #nestedParts = 0;
  /** The product of all repetitions. */
  #repetitions = 1;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#folds = flags.includes('i') || /\(\?[A-Za-z]*i/.test(source);
  }

  cost(): PatternCost {
    while (this.#at < this.#source.length) this.#readPart();
    while (this.#groups.length > 1) this.#closeGroup();
    const all = this.#groups[0];
    const instructions = 2 + (all ? sizeOf(all) : 0);
    const tracked = this.#repetitions * this.#source.length * 2 >= largestUntracked;
    const parts = tracked ? (this.#nestedClasses + this.#nestedParts) * trackedFactor : this.#classes;
    return { instructions, steps: instructions * compiling.instruction + parts };
  }

  #readPart(): void {
    const character = this.#source[this.#at] ?? '';
    if (character === '(') this.#openGroup();
    else if (character === ')') {
      this.#at += 1;
      if (this.#groups.length > 1) this.#closeGroup();
    } else if (character === '|') this.#endBranch();
    else if ('*+?'.includes(character)) {
      this.#at += 1;
      this.#repeat(1, 1);
    } else if (character === '{') this.#readRepetition();
    else if (character === '[') this.#readClass();
    else if (character === '\\') this.#readEscape();
    else {
      this.#at += this.#pointAt().length;
      this.#add(1);
    }
  }

  #group(): Group {
    return this.#groups.at(-1) ?? { branches: 0, branch: 0, last: 0 };
  }

  /** Takes what the token matches here; undefined where it does not. */
  #take(token: keyof typeof tokens): RegExpExecArray | undefined {
    const pattern = tokens[token];
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source) ?? undefined;
    if (match) this.#at += match[0].length;
    return match;
  }

  #pointAt(): string {
    return String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
  }

  #add(instructions: number): void {
    const group = this.#group();
    group.branch += instructions;
    group.last = instructions;
    this.#nestedParts += this.#groups.length;
  }

  #openGroup(): void {
    if (this.#take('flags')) return;
    if (!this.#take('group')) this.#at += 1;
    this.#groups.push({ branches: 0, branch: 0, last: 0 });
  }

  #closeGroup(): void {
    const group = this.#groups.pop();
    if (group) this.#add(sizeOf(group) + 2);
  }

  #endBranch(): void {
    this.#at += 1;
    const group = this.#group();
    group.branches += Math.max(1, group.branch) + 1;
    group.branch = 0;
    group.last = 0;
  }

  /** Each of the times takes `choice` instructions besides what is repeated, and a loop two at its end. */
  #repeat(times: number, choice: number): void {
    const group = this.#group();
    const repeated = times * (group.last + choice) + 2 * choice;
    group.branch += repeated - group.last;
    group.last = repeated;
    this.#nestedParts += this.#groups.length;
  }

  #readRepetition(): void {
    const match = this.#take('repetition');
    if (!match) {
      this.#at += 1;
      this.#add(1);
      return;
    }
    const [, least, open, most] = match;
    const times = Math.max(1, Number(least), Number(most ?? 0));
    this.#repetitions *= times;
    this.#repeat(times, open === undefined ? 0 : 1);
  }

  #readEscape(): void {
    const run = this.#take('literalRun');
    if (run) {
      for (const _ of run[1] ?? '') this.#add(1);
    } else if (this.#take('unicodeClass')) {
      this.#add(1);
      this.#addClass(compiling.unicodeClass);
    } else {
      if (!this.#take('escape')) this.#at += 1;
      this.#add(1);
    }
  }

  #addClass(steps: number): void {
    this.#classes += steps;
    this.#nestedClasses += steps * this.#groups.length;
  }

  #readClass(): void {
    const { length } = this.#source;
    this.#at += this.#source[this.#at + 1] === '^' ? 2 : 1;
    for (let first = true; this.#at < length && (first || this.#source[this.#at] !== ']'); first = false) {
      if (this.#take('namedClass')) this.#addClass(compiling.instruction);
      else if (this.#take('unicodeClass')) this.#addClass(compiling.unicodeClass);
      else this.#readRange();
    }
    this.#at += 1;
    this.#add(1);
  }

  /** One character of a class, or a range of them. */
  #readRange(): void {
    const from = this.#readPoint();
    const isRange = this.#source[this.#at] === '-' && (this.#source[this.#at + 1] ?? ']') !== ']';
    if (isRange) this.#at += 1;
    const to = isRange ? this.#readPoint() : from;
    const folded = this.#folds ? Math.max(0, Math.min(to, cased.to) - Math.max(from, cased.from) + 1) : 0;
    this.#addClass(compiling.instruction + folded * compiling.foldedPoint);
  }

  #readPoint(): number {
    if (this.#source[this.#at] === '\\') {
      const escaped = this.#take('escape');
      const hexadecimal = escaped?.[1] ?? escaped?.[2];
      if (hexadecimal !== undefined) return Number.parseInt(hexadecimal, 16);
      if (escaped?.[3] !== undefined) return Number.parseInt(escaped[3], 8);
      if (escaped) return escaped[0].codePointAt(1) ?? 0;
    }
    const point = this.#pointAt();
    this.#at += point.length;
    return point.codePointAt(0) ?? 0;
  }
}

function sizeOf({ branches, branch }: Group): number {
  return branches + Math.max(1, branch);
}
