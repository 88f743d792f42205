namespace Rectify.Tests.Kernels;

// Floats between two rows of guards. The guards and, at first, the content are one certain NaN: what reads over an end computes a NaN, what writes over
// an end is caught by AssertIntact, and what leaves an element unwritten leaves a NaN. The content is not aligned to a vector.
internal sealed class GuardedFloats
{
    private const int Guard = 35;
    private const int Pattern = 0x7FC0DEAD;
    private readonly float[] _all;
    private readonly int _length;

    public GuardedFloats(long length)
    {
        _length = checked((int)length);
        _all = new float[_length + (2 * Guard)];
        Array.Fill(_all, BitConverter.Int32BitsToSingle(Pattern));
    }

    public GuardedFloats(ReadOnlySpan<float> content)
        : this(content.Length) => content.CopyTo(Span);

    public Span<float> Span => _all.AsSpan(Guard, _length);

    public float[] AssertIntact(string what)
    {
        for (int i = 0; i < Guard; i++)
        {
            int before = BitConverter.SingleToInt32Bits(_all[i]);
            int after = BitConverter.SingleToInt32Bits(_all[Guard + _length + i]);
            Assert.True(before == Pattern, $"{what}: wrote {Guard - i} floats before its {_length}.");
            Assert.True(after == Pattern, $"{what}: wrote {i + 1} floats after its {_length}.");
        }

        return Span.ToArray();
    }
}
