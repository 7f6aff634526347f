declare module "iso_8583" {
  type Fields = Record<string, string>;
  export default class Iso8583 {
    constructor(message?: Fields, formats?: Record<string, Record<string, string | number>>);
    /** The message behind two bytes of length. */
    getBufferMessage(): Buffer;
    getIsoJSON(message: Buffer): Fields;
  }
}
