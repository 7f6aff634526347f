/** Chinese words of the functions; `texts-zh` makes screens of them. */
export { DESK_ZH } from "./chinese.table";
