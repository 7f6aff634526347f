/**
 * The one place where boxes are made and opened: an interpreter pays 1.6 ms for every larger typed array, so there is one, made at the
 * start. A tag stands just before its message; the message has as many words in front as its key stream has of MAC key.
 */

/** Longest message, bytes. With the 32 bytes of MAC key it fills five cores. */
export const MESSAGE_BYTES_MAX = 288;
/** First word of the message. */
export const MESSAGE_AT = 8;
/** First word of the tag. */
export const TAG_AT = 4;

/** Behind the longest message there is room for the end of its last block. */
export const work = new Uint32Array(MESSAGE_AT + (MESSAGE_BYTES_MAX + 16) / 4);
export const workBytes = new Uint8Array(work.buffer);
export const workHalves = new Uint16Array(work.buffer);

/** What `work` must hold behind a message that ends inside a block before its MAC is made (Poly1305: a 1, then zeros). */
export const END = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
