/**
 * Packets of the fingerprint sensor, R503 Fingerprint Module User Manual 1.2.2, chapter IV: head EF01, address FFFFFFFF, identifier
 * (command 01, answer 07), length of what follows (2), contents, checksum (2). Pure.
 *
 * Part of: fingerprint.ts
 */

const COMMAND_HEAD = "\xef\x01\xff\xff\xff\xff";
const ANSWER_HEAD = "\xef\x01\xff\xff\xff\xff\x07";
/** Where the checksum begins to count: at the identifier. */
const SUM_AT = 6;
const CONTENTS_AT = 9;
/** Confirmation code and checksum. */
const LENGTH_MIN = 3;
/** The system parameters: no other answer here is longer. */
const LENGTH_MAX = 19;

/** A number of 16 bits, high byte first. */
export function word(value: number): string {
  return String.fromCharCode(value >> 8, value & 255);
}

export function wordAt(text: string, at: number): number {
  return (text.charCodeAt(at) << 8) | text.charCodeAt(at + 1);
}

/** The bytes added up; what is over 16 bits is dropped. */
function checksum(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
  return sum & 0xffff;
}

/** `contents`: instruction code and parameters. */
export function buildCommand(contents: string): string {
  const body = "\x01" + word(contents.length + 2) + contents;
  return COMMAND_HEAD + body + word(checksum(body));
}

/** What arrived and is no whole answer yet; at most 27 bytes between calls of `takeAnswer`. */
export interface Answers {
  rest: string;
}

/** Contents of the first good answer (confirmation code and what goes with it), or "" when there is none yet. */
export function takeAnswer(answers: Answers): string {
  const text = answers.rest;
  let at = text.indexOf(ANSWER_HEAD);
  while (at >= 0) {
    const length = wordAt(text, at + ANSWER_HEAD.length);
    const end = at + CONTENTS_AT + length;
    const isShort =
      text.length < at + CONTENTS_AT || (length >= LENGTH_MIN && length <= LENGTH_MAX && text.length < end);
    if (isShort) {
      answers.rest = text.substr(at);
      return "";
    }
    if (length >= LENGTH_MIN && length <= LENGTH_MAX) {
      const body = text.substr(at + SUM_AT, length + 1);
      if (checksum(body) === wordAt(text, end - 2)) {
        answers.rest = text.substr(end);
        return body.substr(3);
      }
    }
    at = text.indexOf(ANSWER_HEAD, at + 1);
  }
  // The head of the next answer may have begun.
  const kept = ANSWER_HEAD.length - 1;
  answers.rest = text.length > kept ? text.substr(text.length - kept) : text;
  return "";
}
