import type { compare as en } from '../en/compare.ts'
import type { Translation } from '../translation.ts'

export const compare: Translation<typeof en> = {
  parts: { scores: '分数', segments: '片段', published: '已发表' },
  runs: '要比较的运行',
  madeBy: '由 {model} 生成',
  split: '划分',
  everySplit: '所有划分',
  tokenizer: '分词器',
  autoTokenizer: '按语言选择分词器',
  scores: '语料库分数',
  metric: '指标',
  baseline: '基准',
  scoring: '正在评分…',
  noRuns: '还没有可比较的内容',
  noRunsText: '一次运行是一个模型对一组片段的输出。请在语料库界面翻译一些片段后再来。',
  toCorpus: '前往语料库',
  choose: '请选择运行',
  chooseText: '在上方选择两个或更多运行以并排查看。',
}
