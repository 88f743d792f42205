using System.Buffers;

namespace Rectify.Inference;

/// <summary>One crop on its way to the network, and its scores on the way back.</summary>
/// <remarks>Filled by its caller, then owned by the inference thread, which releases it.</remarks>
internal sealed class InferenceRequest
{
    // Continuations run elsewhere: the inference thread is not a caller's to borrow.
    private readonly TaskCompletionSource<float[]> _scores = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _length;
    private float[] _crop;
    private CancellationTokenRegistration _cancellation;

    /// <summary>A request with room for a crop.</summary>
    /// <param name="length">Values of the crop.</param>
    public InferenceRequest(int length) => (_length, _crop) = (length, ArrayPool<float>.Shared.Rent(length));

    /// <summary>The crop.</summary>
    public Span<float> Crop => _crop.AsSpan(0, _length);

    /// <summary>One score a class, when they are there.</summary>
    public Task<float[]> Scores => _scores.Task;

    /// <summary>Lets a token end the wait for the scores.</summary>
    public void EndWith(CancellationToken cancellation) => _cancellation = cancellation.UnsafeRegister(
        static (request, token) => ((InferenceRequest)request!)._scores.TrySetCanceled(token), this);

    /// <summary>Answers the caller, unless he has gone.</summary>
    public void Complete(float[] scores)
    {
        _ = _cancellation.Unregister();
        _ = _scores.TrySetResult(scores);
    }

    /// <summary>Tells the caller that there will be no answer.</summary>
    public void Fail(Exception reason)
    {
        _ = _cancellation.Unregister();
        _ = _scores.TrySetException(reason);
    }

    /// <summary>Gives the crop's memory back.</summary>
    public void Release()
    {
        float[] crop = _crop;
        _crop = [];
        if (crop.Length > 0)
        {
            ArrayPool<float>.Shared.Return(crop);
        }
    }
}
