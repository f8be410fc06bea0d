import Scenarios

CommandLineTool(name: "bench", packs: []).main()
