/** All that a PIN needs of cryptography. */
export { aesEncrypt } from "./aes";
export { keySerialNumber, PIN_AES128, PIN_TDEA2, useKey, workingKey } from "./dukpt";
export { pinBlock0, pinBlock4 } from "./pinblock";
