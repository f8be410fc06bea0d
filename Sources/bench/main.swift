import Scenarios
import Tensor

CommandLineTool(name: "bench", packs: [D2DPack()], cpuLevel: { ProcessorLevel.current.name }).main()
