using Rectify.Tensors;

namespace Rectify.Tests.Tensors;

public sealed class WindowTests
{
    // Counts windows one by one. Rounded down: those that lie wholly inside the padded map. Rounded up: one more where the last leaves padded pixels
    // uncovered, as long as it begins on the map or its upper padding.
    [Fact]
    public void OutputRows_AnyGeometry_EqualsBruteForceCount()
    {
        int differ = 0;
        for (int size = 1; size <= 9; size++)
        {
            for (int taps = 1; taps <= 5; taps++)
            {
                for (int stride = 1; stride <= 4; stride++)
                {
                    for (int pads = 0; pads < taps * taps; pads++)
                    {
                        // Paddings smaller than the window: larger ones have windows of nothing but padding.
                        Window window = new(taps, 1, stride, 1, pads / taps, 0, pads % taps, 0);
                        Window turned = new(1, taps, 1, stride, 0, pads / taps, 0, pads % taps);
                        int down = Count(size, taps, stride, pads / taps, pads % taps, roundUp: false);
                        int up = Count(size, taps, stride, pads / taps, pads % taps, roundUp: true);
                        string replay = $"{window} on {size}";
                        Assert.True(down == window.OutputRows(size), $"{replay}: {window.OutputRows(size)} rows, counted {down}.");
                        Assert.True(up == window.OutputRows(size, roundUp: true), $"{replay}: {window.OutputRows(size, roundUp: true)} rows rounded up, counted {up}.");
                        Assert.Equal(down, turned.OutputColumns(size));
                        Assert.Equal(up, turned.OutputColumns(size, roundUp: true));
                        differ += up != down ? 1 : 0;
                    }
                }
            }
        }

        Assert.True(differ > 100);
    }

    // 3×3 windows with stride 3 or 2 and 2×2 ones with stride 2, as the paper's models pool.
    [Theory]
    [InlineData(109, 3, 3, 37)]
    [InlineData(37, 2, 2, 19)]
    [InlineData(224, 2, 2, 112)]
    [InlineData(55, 3, 2, 27)]
    public void OutputRows_RoundedUp_KnownSizes(int size, int taps, int stride, int expected) =>
        Assert.Equal(expected, Window.Square(taps, stride).OutputRows(size, roundUp: true));

    [Fact]
    public void OutputRows_WindowLargerThanPaddedMap_IsZero() => Assert.Equal(0, Window.Square(5, 1, 1).OutputRows(2));

    [Fact]
    public void Validate_SenselessWindow_ThrowsWithOwnerAndValues()
    {
        Window good = Window.Square(3, 2, 1);
        good.Validate("conv1");
        Window[] bad =
        [
            good with { R = 0 }, good with { S = -1 }, good with { StrideH = 0 }, good with { StrideW = 0 },
            good with { PadTop = -1 }, good with { PadLeft = -1 }, good with { PadBottom = -1 }, good with { PadRight = -1 },
        ];
        foreach (Window window in bad)
        {
            RectifyException e = Assert.Throws<RectifyException>(() => window.Validate("conv1"));
            Assert.StartsWith("conv1: ", e.Message, StringComparison.Ordinal);
            Assert.Contains(window.ToString(), e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ToString_AnyWindow_SaysSizeStrideAndPadding()
    {
        Assert.Equal("3×3", Window.Square(3).ToString());
        Assert.Equal("7×7 /2 pad 3", Window.Square(7, 2, 3).ToString());
        Assert.Equal("1×2 /3×4 pad 1,2,3,4", new Window(1, 2, 3, 4, 1, 2, 3, 4).ToString());
    }

    private static int Count(int size, int taps, int stride, int before, int after, bool roundUp)
    {
        int end = before + size + after;
        if (taps > end)
        {
            return 0;
        }

        int count = 0;
        int covered = 0;
        for (int start = 0; start + taps <= end; start += stride)
        {
            covered = start + taps;
            count++;
        }

        return roundUp && covered < end && count * stride < before + size ? count + 1 : count;
    }
}
