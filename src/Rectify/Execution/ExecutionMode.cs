namespace Rectify.Execution;

/// <summary>What a workspace is laid out for.</summary>
public enum ExecutionMode
{
    /// <summary>Forward alone: no dropout, nothing kept.</summary>
    Inference,

    /// <summary>Forward and backward: what the gradients need is kept.</summary>
    Training,
}
