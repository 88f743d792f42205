using System.Runtime.ExceptionServices;
using Rectify.Data;

namespace Rectify.Inference;

/// <summary>One crop on its way to the network, and its scores on the way back. Used again when both who asks and who answers have released it.</summary>
/// <param name="length">Values of the crop.</param>
/// <param name="classes">Scores.</param>
/// <param name="home">Where it goes when it is free; null for nowhere.</param>
internal sealed class InferenceRequest(int length, int classes, InferenceRequests? home = null)
{
    private readonly object _gate = new();
    private readonly float[] _crop = new float[length];
    private readonly float[] _scores = new float[classes];
    private CancellationTokenRegistration _cancellation;
    private TaskCompletionSource? _end;
    private Exception? _failure;
    private bool _ended;
    private int _shares = 1;

    /// <summary>The crop; its caller's until it is submitted.</summary>
    public Span<float> Crop => _crop;

    /// <summary>Memory for the picture from which the crop is made.</summary>
    public PixelBuffer Pixels { get; } = new();

    /// <summary>One score a class, once it has ended well.</summary>
    public ReadOnlySpan<float> Scores => _scores;

    /// <summary>Whether it was answered, has failed or was cancelled.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>Completes when it has ended, one way or another.</summary>
    public Task End
    {
        get
        {
            lock (_gate)
            {
                if (_ended)
                {
                    return Task.CompletedTask;
                }

                // Continuations run elsewhere: the inference thread is not a caller's to borrow.
                _end ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _end.Task;
            }
        }
    }

    /// <summary>Begins anew, with the caller as its only holder.</summary>
    public void Reset() => (_end, _failure, _ended, _shares, _cancellation) = (null, null, false, 1, default);

    /// <summary>Lets a token end the wait for the scores.</summary>
    public void EndWith(CancellationToken cancellation) => _cancellation = cancellation.UnsafeRegister(
        static (request, token) => ((InferenceRequest)request!).Fail(new OperationCanceledException(token)), this);

    /// <summary>Holds the calling thread until it has ended; to be followed by <see cref="Check"/>.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            while (!_ended)
            {
                _ = Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Throws what it failed of, if it did. Nothing ends it any more.</summary>
    public void Check()
    {
        // Waits for a cancellation that is under way: it must not meet the request's next use.
        _cancellation.Dispose();
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <summary>Answers the caller, unless he has gone.</summary>
    public void Complete(ReadOnlySpan<float> scores)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                scores.CopyTo(_scores);
                Finish();
            }
        }
    }

    /// <summary>Tells the caller that there will be no answer.</summary>
    public void Fail(Exception reason)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _failure = reason;
                Finish();
            }
        }
    }

    /// <summary>Ends the wait of one who does not want the answer any more, and gives his share back.</summary>
    public void Abandon()
    {
        _cancellation.Dispose();
        Fail(new OperationCanceledException());
        Release();
    }

    /// <summary>Takes a share in it for another holder.</summary>
    public void Share() => Interlocked.Increment(ref _shares);

    /// <summary>Gives a share back; with the last one it is free for another use.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _shares) == 0)
        {
            home?.Return(this);
        }
    }

    private void Finish()
    {
        _ended = true;
        Monitor.PulseAll(_gate);
        _end?.SetResult();
    }
}
