/**
 * Chinese, GB 2312 level 1. On the small panel a line has 10 characters, a title 4, and beside an amount there is room for one line: so
 * each says it in one. A screen without an amount has two.
 */
import type { Texts } from "./texts-pack.table";
import { Text } from "./texts";

export const WORDS_ZH: Texts = {
  [Text.Boot]: "TILLET\n未经PCI、EMVCo认证\n正在启动",
  [Text.Ready]: "待机\n请输入金额\nF功能",
  [Text.Finishing]: "请稍候\n正在完成上一笔\n完成后才能收款\n",
  [Text.SignedOff]: "已签退\n签到后才能收款\n按数字键签到",
  [Text.Amount]: "收款\n请输入金额\nE付款 B退格 C停止",
  [Text.Card]: "收款\n请刷卡\nC停止",
  [Text.CardOrTap]: "收款\n请挥卡或刷卡\nC停止",
  [Text.Online]: "请等待\n正在询问银行\nC停止并撤销",
  [Text.Undo]: "结果未知\n正在撤销，请勿重收\nC返回",
  [Text.Print]: "已批准\n正在打印\n",
  [Text.Paper]: "已批准\n交易有效\nE打印 C不要收据",
  [Text.Notice]: "未收款\nE完成",
  [Text.Approved]: "已批准\n请交还卡和收据\nE完成",
  [Text.NoReceipt]: "已批准\n没有收据\nE完成",
  [Text.Declined]: "已拒绝\nE完成",
  [Text.Referral]: "请致电行\nE输入授权码 C停止",
  [Text.Offer]: "已批准\n上一笔收据未打完\nE打印 C不要收据",
  [Text.Dead]: "暂停服务\n存储或密钥丢失\n不能收款，请报修\nC重试",
  [Text.Pin]: "顾客密码\n请输入\nE确定 B退格 C停止",
  [Text.PinAgain]: "密码错误\n请重输\nE确定 B退格 C停止",
  [Text.OutOfStep]: "不同步\n批次与主机不符\n不能收款，请报修\nC重试",
  [Text.OldSettings]: "待机\n有新设置，请报修\n请输入金额",
  [Text.UpdateWaits]: "待机\n有更新，请先结算\n请输入金额",
  [Text.UpdateFailed]: "待机\n更新失败，仍用原版\n请输入金额",
  [Text.Faulty]: "\t故障\n请勿使用，请报修\n代码#\n",
  [Text.Locked]: "\t已锁定\n请先登录\nF登录",
  [Text.Again]: "重复收款\n#已收同卡同额\nE再收 C不收",
  [Text.Reasons]:
    "|01银行要求电话授权|05银行拒绝|12不能再做|13金额无效|14卡号不存在|25银行无此交易|43已报失的卡|51余额不足|54卡已过期|55密码错误|57卡不可用于此|" +
    "61超过可用额|62此处不收此卡|65今日笔数已满|75密码错太多次|77批次不符|82卡未通过验证|86此卡要密码|91银行不通|",
  [Text.Refused]: "拒绝代码",
  [Text.TryLater]: "稍后重试",
  [Text.OtherCard]: "请换卡",
  [Text.CallService]: "请报修",
  [Text.Notices]:
    "|11未读出，请再刷卡|12卡已过期，请换卡|13仅限取现，请换卡|14连不上主机，请重试|15超时，已撤销|16已停止|" +
    "18密码不可用，请报修|19离开太早，请再出示|20只能出示一张卡|21看手机后再出示|22不可挥卡，请刷卡|23金额过大，请刷卡|" +
    "24此卡不收，请换卡|25卡已锁，请换卡|26卡拒绝，请换卡|27不是同一张卡|30此处不收，请换卡|",
  [Text.Limits]:
    "|t单笔限#|T须主管#|r退货限#|n每日限#笔|d本日余$|O主管可超余$|s刷卡余$|c挥卡余$|f离线余$|y授权余$|m现金余$|x离线不可挥卡|a每#小时须联机|",
  [Text.RemoveCard]: "请取卡",
  [Text.LinkUp]: "在线",
  [Text.Linked]: "已连",
  [Text.Backup]: "备线",
  [Text.LinkDown]: "离线",
  [Text.TestKeys]: "测试",
  [Text.Queue]: "待",
  [Text.Marks]: "|0纸少|1缺纸|2故障|3机盖|4过热|5切刀|6故障|7电池|",
  [Text.Faults]: "|1缺纸|2无打印机|3纸仓盖未关|4打印机过热|5切刀卡住|6打印机故障|7请先充电|",
};
