import Scenarios

CommandLineTool(name: "bench", packs: [D2DPack()]).main()
