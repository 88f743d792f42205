using Rectify.Data;

namespace Rectify.Imaging;

/// <summary>Turns and mirrors a picture as EXIF's orientation asks.</summary>
internal static class Upright
{
    // So many rows of the result at a time: their sources share lines of the cache also where rows become columns.
    private const int Block = 32;

    /// <summary>A picture the right way up.</summary>
    /// <param name="stored">The picture as it is stored. Of one that a decoder made smaller, a side that is turned round must be a multiple of the reduction: a part of a
    /// pixel can only stand at the end.</param>
    /// <param name="orientation">1 to 8: which edges of the scene row 0 and column 0 are, as EXIF counts them.</param>
    /// <param name="lender">Lends the new picture's memory; null for the heap.</param>
    /// <returns>A new picture, or <paramref name="stored"/> itself where nothing is to be done.</returns>
    public static RgbImage Turned(RgbImage stored, int orientation, PixelBuffer? lender = null)
    {
        if (orientation == ExifOrientation.Upright)
        {
            return stored;
        }

        (int width, int height, byte[] pixels) = (stored.Width, stored.Height, stored.Pixels);
        bool turned = ExifOrientation.Turns(orientation);
        (int columns, int rows) = turned ? (height, width) : (width, height);

        // Where the first pixel comes from, and how far its source moves with each column and each row.
        bool fromRight = ExifOrientation.FromRight(orientation);
        bool fromBottom = ExifOrientation.FromBottom(orientation);
        int first = 3 * ((fromRight ? width - 1 : 0) + (fromBottom ? (height - 1) * width : 0));
        int along = 3 * (fromRight ? -1 : 1);
        int down = 3 * width * (fromBottom ? -1 : 1);
        (int nextColumn, int nextRow) = turned ? (down, along) : (along, down);

        (int wholeColumns, int wholeRows) = turned ? (stored.WholeHeight, stored.WholeWidth) : (stored.WholeWidth, stored.WholeHeight);
        RgbImage result = lender?.Lend(wholeColumns, wholeRows, stored.Reduction)
            ?? new RgbImage(wholeColumns, wholeRows, stored.Reduction, new byte[3 * columns * rows]);
        byte[] upright = result.Pixels;
        for (int top = 0; top < rows; top += Block)
        {
            int bottom = Math.Min(top + Block, rows);
            for (int left = 0; left < columns; left += Block)
            {
                int right = Math.Min(left + Block, columns);
                for (int row = top; row < bottom; row++)
                {
                    int source = first + (row * nextRow) + (left * nextColumn);
                    int target = 3 * ((row * columns) + left);
                    for (int column = left; column < right; column++, source += nextColumn, target += 3)
                    {
                        upright[target] = pixels[source];
                        upright[target + 1] = pixels[source + 1];
                        upright[target + 2] = pixels[source + 2];
                    }
                }
            }
        }

        return result;
    }
}
