/** Scripts that are written without spaces between words, as they stand in a pattern's class of characters. */
export const unspacedScripts = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;

/** The same and Korean, which has spaces and particles that stick to its words. */
export const unspacedOrKorean = String.raw`${unspacedScripts}\p{Script=Hangul}`;
