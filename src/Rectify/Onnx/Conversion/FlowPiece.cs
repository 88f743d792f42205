using Rectify.Onnx.Messages;

namespace Rectify.Onnx.Conversion;

/// <summary>A part of the way from a network's input to its output: one node, or a join with the branches before it.</summary>
/// <param name="Node">The node; for a block the join.</param>
/// <param name="Branches">What lies between the fork and each input of the join; null where the node reads one map.</param>
internal sealed record FlowPiece(OnnxNode Node, IReadOnlyList<IReadOnlyList<FlowPiece>>? Branches);
