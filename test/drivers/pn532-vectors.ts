/** Frames of PN532s that others recorded or printed, and what is in them. Not made with code of this project. */

export const bytesOf = (hex: string): string => Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1");

export interface FrameVector {
  /** Document and section, or the log it is from. */
  from: string;
  frame: string;
  /** TFI and data; null for an ACK. */
  data: string | null;
}

const vector = (from: string, frame: string, data: string | null): FrameVector => ({
  from,
  frame: bytesOf(frame),
  data: data === null ? null : bytesOf(data),
});

const LONG = "00".repeat(256);

/** From the host. */
export const COMMANDS = [
  vector("UM0701-02 6.2.1.1, GetFirmwareVersion", "00 00 FF 02 FE D4 02 2A 00", "D4 02"),
  vector("nfcpy issue 131, SAMConfiguration", "00 00 FF 05 FB D4 14 01 00 00 17 00", "D4 14 01 00 00"),
  vector("libnfc issue 86, InListPassiveTarget type B", "00 00 FF 05 FB D4 4A 01 03 00 DE 00", "D4 4A 01 03 00"),
  vector("libnfc issue 86, InListPassiveTarget type A", "00 00 FF 04 FC D4 4A 01 00 E1 00", "D4 4A 01 00"),
  vector("libnfc issue 278, RFConfiguration", "00 00 FF 06 FA D4 32 05 FF FF FF F8 00", "D4 32 05 FF FF FF"),
  vector("nfcpy tests/base_clf_pn53x, Diagnose", "00 00 FF 05 FB D4 00 31 32 33 96 00", "D4 00 31 32 33"),
  vector(
    "nfcpy tests/base_clf_pn53x, Diagnose, extended",
    `00 00 FF FF FF 01 05 FA D4 00 31 32 33 ${LONG} 96 00`,
    `D4 00 31 32 33 ${LONG}`,
  ),
];

/** From the PN532. */
export const ANSWERS = [
  vector("UM0701-02 6.2.1.3, ACK", "00 00 FF 00 FF 00", null),
  vector("nfcpy issue 131, GetFirmwareVersion", "00 00 FF 06 FA D5 03 32 01 06 07 E8 00", "D5 03 32 01 06 07"),
  vector("libnfc issue 617, PN533", "00 00 FF 06 FA D5 03 33 02 07 07 E5 00", "D5 03 33 02 07 07"),
  vector("nfcpy issue 131, SAMConfiguration", "00 00 FF 02 FE D5 15 16 00", "D5 15"),
  vector("libnfc issue 278, RFConfiguration", "00 00 FF 02 FE D5 33 F8 00", "D5 33"),
  vector("libnfc issue 86, no target", "00 00 FF 03 FD D5 4B 00 E0 00", "D5 4B 00"),
  vector("UM0701-02 6.2.1.5, libnfc issue 516, error frame", "00 00 FF 01 FF 7F 81 00", "7F"),
  vector("nfcpy tests/base_clf_pn53x", "00 00 FF 05 FB D5 01 34 35 36 8B 00", "D5 01 34 35 36"),
  vector(
    "nfcpy tests/base_clf_pn53x, extended",
    `00 00 FF FF FF 01 05 FA D5 01 34 35 36 ${LONG} 8B 00`,
    `D5 01 34 35 36 ${LONG}`,
  ),
  vector("UM0701-02 6.2.1.2, an extended frame may also be short", "00 00 FF FF FF 00 02 FE D5 15 16 00", "D5 15"),
];

export interface CardVector {
  from: string;
  isTypeB: boolean;
  answer: string;
  uid: string;
  atq: string;
  sak: number;
  ats: string;
  takesApdus: boolean;
  /** As the standard's formula gives it, worked out by hand. */
  frameWaitingMs: number;
}

/** Answers to InListPassiveTarget behind `D5 4B`. */
export const LISTED: CardVector[] = [
  {
    from: "libnfc pull request 739, MIFARE Classic",
    isTypeB: false,
    answer: bytesOf("01 01 00 04 08 04 1A DA 74 44"),
    uid: bytesOf("1A DA 74 44"),
    atq: bytesOf("00 04"),
    sak: 0x08,
    ats: "",
    takesApdus: false,
    frameWaitingMs: 4.8,
  },
  {
    from: "nfcpy base_clf_pn53x, type 2 tag with seven bytes",
    isTypeB: false,
    answer: bytesOf("01 01 00 44 00 07 04 16 C6 C2 D7 38 81"),
    uid: bytesOf("04 16 C6 C2 D7 38 81"),
    atq: bytesOf("00 44"),
    sak: 0,
    ats: "",
    takesApdus: false,
    frameWaitingMs: 4.8,
  },
  {
    // The card's answers as proxmark3 issue 670 and flipperzero pull request 4439 print them: FWI 8, FWT 1048576/fc.
    from: "DESFire EV1, ATQA 0344, SAK 20, ATS 06 75 77 81 02 80",
    isTypeB: false,
    answer: bytesOf("01 01 03 44 20 07 04 11 22 33 44 55 66 06 75 77 81 02 80"),
    uid: bytesOf("04 11 22 33 44 55 66"),
    atq: bytesOf("03 44"),
    sak: 0x20,
    ats: bytesOf("06 75 77 81 02 80"),
    takesApdus: true,
    frameWaitingMs: 77.3,
  },
  {
    // linux_libnfc-nci issue 34: ATS 0E 78 77 84 03 ..., FWI 8.
    from: "bank card with historical bytes",
    isTypeB: false,
    answer: bytesOf("01 01 00 04 20 04 85 E5 54 C8 0E 78 77 84 03 66 52 57 45 32 50 52 4F 4D"),
    uid: bytesOf("85 E5 54 C8"),
    atq: bytesOf("00 04"),
    sak: 0x20,
    ats: bytesOf("0E 78 77 84 03 66 52 57 45 32 50 52 4F 4D"),
    takesApdus: true,
    frameWaitingMs: 77.3,
  },
  {
    from: "nfcpy base_clf_pn53x, SENSB_RES 50E8253EEC00000011008185",
    isTypeB: true,
    answer: bytesOf("01 01 50 E8 25 3E EC 00 00 00 11 00 81 85 01 00"),
    uid: bytesOf("E8 25 3E EC"),
    atq: bytesOf("50 E8 25 3E EC 00 00 00 11 00 81 85"),
    sak: 0,
    ats: bytesOf("00"),
    takesApdus: true,
    frameWaitingMs: 77.3,
  },
];
