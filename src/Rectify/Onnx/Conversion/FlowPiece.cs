using Rectify.Onnx.Messages;

namespace Rectify.Onnx.Conversion;

/// <summary>A part of the way from a network's input to its output: one node, or a join with the branches before it.</summary>
/// <param name="Node">The node; for a block the join.</param>
/// <param name="Source">The value that it begins with: what the node reads, or where the branches part.</param>
/// <param name="Branches">What lies between the fork and each input of the join; null where the node reads one map.</param>
internal sealed record FlowPiece(OnnxNode Node, string Source, IReadOnlyList<IReadOnlyList<FlowPiece>>? Branches)
{
    /// <summary>The nodes of it and of its branches.</summary>
    public IEnumerable<OnnxNode> Nodes => (Branches ?? []).SelectMany(branch => branch).SelectMany(piece => piece.Nodes).Append(Node);
}
