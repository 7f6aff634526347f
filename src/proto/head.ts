/** The head of an ISO 8583 message: type, then the bitmap of 8 bytes. */
export function headOf(mti: string, fields: readonly number[]): string {
  const octets = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < fields.length; i++) octets[(fields[i] - 1) >> 3] |= 128 >> ((fields[i] - 1) & 7);
  let head = mti;
  for (let i = 0; i < 8; i++) head += String.fromCharCode(octets[i]);
  return head;
}
