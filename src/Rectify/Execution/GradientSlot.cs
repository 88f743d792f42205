using Rectify.Kernels;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>A parameter's gradient in a workspace: in full, or as factors until somebody wants it in full.</summary>
internal sealed class GradientSlot : IDisposable
{
    private readonly NativeBuffer _memory;
    private readonly GradientPlace _place;
    private readonly GradientFactors? _factors;
    private readonly Func<long, NativeBuffer> _allocate;
    private NativeBuffer? _product;
    private bool _isFactored;
    private bool _isCleared;

    /// <summary>A gradient that is zero.</summary>
    /// <param name="memory">The memory of all gradients, zero.</param>
    /// <param name="place">This one's place there.</param>
    /// <param name="scratch">Scratch there.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="allocate">Gives memory for the product of factors, if somebody wants it.</param>
    public GradientSlot(NativeBuffer memory, GradientPlace place, BufferSlice scratch, KernelContext context, Func<long, NativeBuffer> allocate)
    {
        (_memory, _place, _allocate, _isFactored) = (memory, place, allocate, place.IsFactored);
        _factors = place.IsFactored ? new GradientFactors(place.Shape, memory, place.Factors, scratch, context) : null;
    }

    /// <summary>Its factors; null if it is there in full.</summary>
    public GradientFactors? Factors => _isFactored ? _factors : null;

    /// <summary>Whether it is known to be finite: made of few enough products of modest numbers.</summary>
    public bool IsBounded { get; private set; }

    /// <summary>Floats that it took because somebody wanted it in full.</summary>
    public long ProductLength => _product?.Length ?? 0;

    /// <summary>Sets it to zero, in full when it is first asked for.</summary>
    /// <param name="first">Images of the ranks before this one.</param>
    public void Clear(int first)
    {
        _factors?.Clear(first);
        (_isFactored, _isCleared, IsBounded) = (_place.IsFactored, true, false);
    }

    /// <summary>All of it, to be written to; factors are multiplied out first, and the gradient stays in full until it is cleared.</summary>
    /// <param name="overwrite">Whether it counts as zero, whatever it holds: then the caller must overwrite all of it.</param>
    public Span<float> Take(out bool overwrite)
    {
        if (_isFactored)
        {
            MultiplyOut();
        }

        (overwrite, _isCleared) = (_isCleared, false);
        return _place.IsFactored ? _product!.Slice(0, _place.Parameter.StoredLength) : _memory.Slice(_place.Whole.Offset, _place.Whole.Length);
    }

    /// <summary>Remembers of what it was made or what was added to it.</summary>
    /// <param name="first">Whether there was nothing before.</param>
    /// <param name="modest">Whether that were modest numbers.</param>
    public void Note(bool first, bool modest) => IsBounded = modest && (first || IsBounded);

    /// <summary>Others have added to it: factors of theirs are looked at, and of a sum nothing is known.</summary>
    public void NoteOthers() => IsBounded = Factors?.AreModest() == true;

    public void Dispose() => _product?.Dispose();

    private void MultiplyOut()
    {
        _product ??= _allocate(_place.Parameter.StoredLength);
        (_isFactored, _isCleared) = (false, _factors!.Images == 0);
        if (!_isCleared)
        {
            _factors.Multiply(_product.Slice(0, _place.Parameter.StoredLength));
        }
    }
}
