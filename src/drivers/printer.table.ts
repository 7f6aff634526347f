/**
 * What differs between printers, and what a printer calls each character. Runs at build time; the bundle gets the strings.
 * Commands: Epson, "ESC/POS Command Reference"; code pages: ESC t 0 is PC437, 19 is PC858. Text is UTF-8 as a byte string.
 */

declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string };

interface Kind {
  readonly name: string;
  /** Dots a row: 384 are 48 mm of 58 mm paper, 576 are 72 mm of 80 mm paper, at 8 dots/mm. */
  readonly dots: 384 | 576;
  /** ESC t n. */
  readonly codePage: 0 | 19;
  /** Double-byte text in GBK, switched on by FS &. */
  readonly hasGbk?: boolean;
  /** GS ( k. Else the symbol goes as GS v 0. */
  readonly hasQr?: boolean;
  /** GS k 73. Else as above. */
  readonly hasCode128?: boolean;
  /** Else a tear bar. */
  readonly hasCutter?: boolean;
  /** Answers DLE EOT 1 to 4 in real time. */
  readonly tellsStatus?: boolean;
  /** Answers GS r 1 in its turn, when all before it is on paper. */
  readonly confirms?: boolean;
  /** Bits a second on the wire, 8N1. */
  readonly baud: 9600 | 19200 | 38400 | 57600 | 115200;
}

const FULL = { hasQr: true, hasCode128: true, tellsStatus: true, confirms: true } as const;

export const KINDS: readonly Kind[] = [
  { name: "58", dots: 384, codePage: 0, ...FULL, baud: 115200 },
  { name: "58-gbk", dots: 384, codePage: 0, hasGbk: true, ...FULL, baud: 115200 },
  { name: "80", dots: 576, codePage: 19, hasCutter: true, ...FULL, baud: 115200 },
  { name: "80-gbk", dots: 576, codePage: 0, hasGbk: true, hasCutter: true, ...FULL, baud: 115200 },
  // The cheapest: says how it is, but not how far it has come, and knows no symbols.
  { name: "58-status", dots: 384, codePage: 0, tellsStatus: true, baud: 19200 },
  // One wire only: nothing ever comes back.
  { name: "58-mute", dots: 384, codePage: 0, baud: 9600 },
];

/** A line a printer: name, dots, code page, baud, and a letter for each thing that it has, between commas. */
export const PROFILES = KINDS.map((kind) => {
  const letters = [
    kind.hasGbk ? "g" : "",
    kind.hasQr ? "q" : "",
    kind.hasCode128 ? "k" : "",
    kind.hasCutter ? "x" : "",
    kind.tellsStatus ? "s" : "",
    kind.confirms ? "c" : "",
  ];
  return [kind.name, kind.dots, kind.codePage, kind.baud, letters.join("")].join(",");
}).join("\n");

// ---- styles

interface Setting {
  readonly style: string;
  /** ESC a n: 0 left, 1 centred, 2 right. */
  readonly align?: 0 | 1 | 2;
  /** GS ! n: bits 4 to 6 width - 1, bits 0 to 2 height - 1. */
  readonly size?: 0x00 | 0x01 | 0x11;
  /** ESC E n. */
  readonly isBold?: boolean;
  /** GS B n. */
  readonly isReverse?: boolean;
  /** ESC M n: 0 font A (12 x 24 dots), 1 font B (9 x 17). */
  readonly isSmall?: boolean;
}

/** The letters of `Style` in `escpos`. */
const SETTINGS: readonly Setting[] = [
  { style: "l" },
  { style: "c", align: 1 },
  { style: "r", align: 2 },
  { style: "b", isBold: true },
  { style: "C", align: 1, isBold: true },
  { style: "H", size: 0x01, isBold: true },
  { style: "L", align: 1, size: 0x11, isBold: true },
  { style: "i", isBold: true, isReverse: true },
  { style: "s", align: 1, isSmall: true },
];

export const STYLES = SETTINGS.map(({ style }) => style).join("");
/** Bytes of one style's commands in STYLE_BYTES, and where GS ! has its number. */
export const STYLE_LENGTH = 15;
export const STYLE_BYTES = SETTINGS.map(({ align = 0, size = 0, isBold, isReverse, isSmall }) =>
  [
    `\x1ba${String.fromCharCode(align)}`,
    `\x1d!${String.fromCharCode(size)}`,
    `\x1bE${String.fromCharCode(isBold ? 1 : 0)}`,
    `\x1dB${String.fromCharCode(isReverse ? 1 : 0)}`,
    `\x1bM${String.fromCharCode(isSmall ? 1 : 0)}`,
  ].join(""),
).join("");

// ---- characters

/**
 * Characters of a character's key: its code point in four bits from SPACE (32) on and twice six bits from `0` (48) on. No character of the
 * first kind is one of the second, so that a plain search finds keys only where they begin; and all of them are printable.
 */
export const KEY_LENGTH = 3;

function key(char: string): string {
  const code = char.charCodeAt(0);
  return String.fromCharCode(32 + (code >> 12), 48 + ((code >> 6) & 63), 48 + (code & 63));
}

/** Characters of bytes 128 to 255. */
const PC437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
  "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
const PC858 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐" +
  "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0";

export const PC437_KEYS = [...PC437].map(key).join("");
export const PC858_KEYS = [...PC858].map(key).join("");

/** What a slip may say in Chinese: the words of a UnionPay slip, marks and digits of full width. Each character once. */
const CHINESE = [
  "商户名称编号终端操作员卡发行收单机构交易类型消费撤销退货预授权完成批次凭证参考日期时间金额小费总计人民币元角分",
  "备注签名本确认以上同意将其记入持密输成功失败重打印存根联测试非真实付款刷插挥二维码扫余额合笔数结算请保管好谢惠顾",
  "年月日时已未无有效有限公司店铺超市餐厅电话地址银联微信支宝北京上海广州深圳香港",
  "￥，。：；！（）、－．０１２３４５６７８９─",
];
const USED = [...new Set(CHINESE.join(""))];

/** The two bytes of each character that GBK has, by decoding all of them. */
function gbkCodes(): Map<string, string> {
  const codes = new Map<string, string>();
  const decoder = new TextDecoder("gbk");
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const char = decoder.decode(new Uint8Array([lead, trail]));
      if ([...char].length === 1 && !codes.has(char)) codes.set(char, String.fromCharCode(lead, trail));
    }
  }
  return codes;
}

/** What each byte of a code is moved down by to be printable: GB2312, the first part of GBK, begins at A1h. */
export const GBK_SHIFT = 0xa1 - 32;

function codesOf(chars: readonly string[]): string {
  const codes = gbkCodes();
  return chars
    .map((char) => {
      const code = codes.get(char);
      if (code === undefined || code < "\xa1\xa1") throw new Error(`printer table: GB2312 has no ${char}`);
      return String.fromCharCode(code.charCodeAt(0) - GBK_SHIFT, code.charCodeAt(1) - GBK_SHIFT);
    })
    .join("");
}

export const GBK_KEYS = USED.map(key).join("");
export const GBK_CODES = codesOf(USED);
