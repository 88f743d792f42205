namespace Rectify.Onnx.Messages;

/// <summary>ONNX's OperatorSetIdProto: which version of whose operators.</summary>
/// <param name="Domain">Whose; empty for ONNX's own.</param>
/// <param name="Version">Which version.</param>
public sealed record OnnxOperatorSet(string Domain, long Version)
{
    /// <summary>Whether a domain is that of ONNX's own operators.</summary>
    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";
}
