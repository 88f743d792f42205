namespace Rectify.Inference;

/// <summary>Requests that are not in use, so that asking allocates nothing. Thread-safe.</summary>
/// <param name="length">Values of a crop.</param>
/// <param name="classes">Scores.</param>
/// <param name="most">How many are kept: what bounds the memory of an idle classifier.</param>
internal sealed class InferenceRequests(int length, int classes, int most)
{
    private readonly Lock _gate = new();
    private readonly Stack<InferenceRequest> _idle = [];

    /// <summary>A request that nobody else holds.</summary>
    public InferenceRequest Rent()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out InferenceRequest? request))
            {
                request.Reset();
                return request;
            }
        }

        return new InferenceRequest(length, classes, this);
    }

    /// <summary>Keeps a request for later.</summary>
    public void Return(InferenceRequest request)
    {
        lock (_gate)
        {
            if (_idle.Count < most)
            {
                _idle.Push(request);
            }
        }
    }
}
