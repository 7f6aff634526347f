export function gb2312(text: string): string;
